"""What click lacks for our command line: a command without a name beside the named ones, and one that runs a script."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import click

from nascompile.diagnostics import CompilerBug, did_you_mean, printable
from nascompile.jobs import WorkerError
from nascompile.tree import TreeError

INTERRUPTED = 128 + signal.SIGINT  # as shells say it
FAILED = 70  # EX_SOFTWARE of sysexits.h: neither the user's code nor the usage is wrong
SETTINGS = {"help_option_names": ["-h", "--help"]}


class UnnamedCommand(click.Command):
    """The command that has no name. Its help is the program's, so it lists the commands that have one."""

    named: Mapping[str, click.Command]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_usage(ctx, formatter)
        formatter.write_usage(ctx.command_path, "COMMAND ...", prefix="       ")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(90)) for name, one in sorted(self.named.items())])
        super().format_epilog(ctx, formatter)


class Program(click.Group):
    """Runs the command that the first argument names, and the unnamed one where it names none."""

    def __init__(self, unnamed: UnnamedCommand, named: Sequence[click.Command]) -> None:
        super().__init__(commands=named, context_settings=SETTINGS)
        self.unnamed = unnamed
        unnamed.named = self.commands

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        is_word = bool(args) and args[0].isalpha() and not os.path.exists(args[0])
        if is_word and (hint := did_you_mean(args[0], self.commands)):
            raise click.UsageError(f"there is no file and no command {args[0]!r}; {hint}")
        return self.unnamed.make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _shown_safely(), _told(ctx):
            return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)


class ExecCommand(click.Command):
    """A command whose line holds another program's options too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            message = f"no such option: {error.option_name} (the script's own options stand after --)"
            raise click.UsageError(message, ctx) from None


@contextlib.contextmanager
def _shown_safely() -> Iterator[None]:
    """Keep what a file's name would do to a terminal out of what is said of it."""
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(printable(error.format_message()), error.ctx) from None
    except click.ClickException as error:
        raise click.ClickException(printable(error.message)) from None


@contextlib.contextmanager
def _told(ctx: click.Context) -> Iterator[None]:
    """Tell in a sentence what went wrong outside of the user's code."""
    try:
        yield
    except TreeError as error:
        raise click.UsageError(str(error), ctx) from None
    except WorkerError as error:
        raise click.ClickException(f"{error}. Nothing was written.") from None
    except CompilerBug as bug:
        _tell_bug(ctx, bug, "This is a bug of nascompile, and nothing was written. Please report it with the file.")
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        ctx.exit(INTERRUPTED)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        where = f": {os.fsdecode(error.filename)}" if error.filename else ""
        raise click.ClickException(f"{error.strerror or error}{where}") from None
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except MemoryError:
        raise click.ClickException("there is not enough memory") from None
    except Exception as error:
        _tell_bug(ctx, error, "This is a bug of nascompile. Please report it.")


def _tell_bug(ctx: click.Context, error: Exception, sentence: str) -> NoReturn:
    """End with a bug of ours; its traceback is shown where --verbose asks for it."""
    from nascompile.bugs import in_a_line, traceback_of

    said = str(error) if isinstance(error, CompilerBug) else in_a_line(error)
    click.echo(f"{sentence}\n{printable(said)}", err=True)
    if ctx.params.get("verbose"):
        click.echo(traceback_of(error), err=True)
    elif "verbose" in ctx.params:
        click.echo("--verbose shows the traceback.", err=True)
    ctx.exit(FAILED)
