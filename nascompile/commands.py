"""What click lacks for our command line: a command without a name beside the named ones, and one that runs a script."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import click

from nascompile.diagnostics import CompilerBug, did_you_mean, printable
from nascompile.jobs import WorkerError
from nascompile.terminal import PROGRAM, is_kept, one_array, tell
from nascompile.tree import TreeError

INTERRUPTED = 128 + signal.SIGINT  # as shells say it
FAILED = 70  # EX_SOFTWARE of sysexits.h: neither the user's code nor the usage is wrong
_STDOUT = 1
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
        with _aborted():
            return self._context(info_name, args, parent, **extra)

    def _context(
        self, info_name: str | None, args: list[str], parent: click.Context | None, **extra: Any
    ) -> click.Context:
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        is_word = bool(args) and args[0].isalpha() and not os.path.exists(args[0])
        if is_word and (hint := did_you_mean(args[0], self.commands)):
            raise click.UsageError(f"there is no file and no command {args[0]!r}; {hint}")
        return self.unnamed.make_context(info_name, args, parent, **extra)

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> NoReturn:
        """Run the command line, and end with its status; what went wrong is told, as JSON if that is asked for."""
        arguments = [*(sys.argv[1:] if args is None else args)]
        with one_array() if _asks_for_json(arguments) else contextlib.nullcontext():
            status = self._run(arguments, extra)
        sys.exit(status)

    def _run(self, arguments: list[str], extra: dict[str, Any]) -> int:
        extra |= {"standalone_mode": False}
        try:
            return super().main(arguments, **extra) or 0
        except SystemExit as error:  # a command's way to end
            return error.code if isinstance(error.code, int) else 0
        except click.ClickException as error:
            _tell_error(error)
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            tell("Interrupted.", "NC603")
            return INTERRUPTED
        except OSError as error:  # of click's own writing: there is no space for --help, say
            _tell_error(_file_error(error))
            return 1
        finally:
            _let_go_of_output()

    def invoke(self, ctx: click.Context) -> Any:
        with _shown_safely(), _told(ctx):
            return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)


@contextlib.contextmanager
def _aborted() -> Iterator[None]:
    """Make Ctrl-C what click makes of it, without the empty line that it writes then."""
    try:
        yield
    except KeyboardInterrupt:
        raise click.Abort from None


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
    except FileError as error:
        raise FileError(printable(error.message), error.path) from None
    except click.ClickException as error:
        raise click.ClickException(printable(error.message)) from None


class FileError(click.ClickException):
    """A file that cannot be read or written."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


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
        tell("Interrupted.", "NC603")
        ctx.exit(INTERRUPTED)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise _file_error(error) from None
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
    hint = None
    if ctx.params.get("verbose"):
        hint = traceback_of(error)
    elif "verbose" in ctx.params:
        hint = "--verbose shows the traceback."
    tell(f"{sentence}\n{printable(said)}", "NC603", hint=hint)
    ctx.exit(FAILED)


def hold_descriptors() -> list[int]:
    """Put nothing in the place of standard streams that are closed, so that no file of ours is taken for one.

    Returns:
        The descriptors of these.
    """
    held = []
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            held.append(os.open(os.devnull, os.O_RDWR))  # takes the lowest number that is free
    return held


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, also one that is wrong; `exec` has no such option, and its script may."""
    form = "text"
    for place, argument in enumerate(arguments):
        if argument == "--" or arguments[0] == "exec":
            break
        name, equals, value = argument.partition("=")
        if name == "--format":
            form = value if equals else "".join(arguments[place + 1 : place + 2])
    return form == "json"


def _tell_error(error: click.ClickException) -> None:
    """Tell what ended a run: as text as click does."""
    code = "NC602" if isinstance(error, click.UsageError) else "NC603"
    if isinstance(error, FileError | click.FileError):
        code = "NC004"
    if is_kept():
        tell(error.format_message(), code, getattr(error, "path", None) or PROGRAM)
        return
    with contextlib.suppress(OSError):
        error.show()


def _file_error(error: OSError) -> FileError:
    where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    return FileError(f"{error.strerror or error}{': ' * bool(where)}{where}", where)


def _let_go_of_output() -> None:
    """Keep the interpreter from writing again, at its end, what could not be written."""
    stream = sys.stdout
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        if stream is sys.__stdout__:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, _STDOUT)
            os.close(nothing)
