"""What click lacks for our command line: a command without a name beside the named ones, and our options' values."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from click.core import ParameterSource

from nascompile.diagnostics import CATALOGUE, CompilerBug, did_you_mean
from nascompile.jobs import WorkerError
from nascompile.selection import Exclusion, is_pattern
from nascompile.tree import TreeError

SETTINGS = {"help_option_names": ["-h", "--help"]}
EXCLUDED, NO_CONFIG = "nascompile.excluded", "nascompile.no_config"


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
        with _told(ctx):
            return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)


class ExecCommand(click.Command):
    """A command whose line holds another program's options too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            message = f"no such option: {error.option_name} (the script's own options stand after --)"
            raise click.UsageError(message, ctx) from None


def mode_name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return the name of a mode, which may be spelled as NNI spelled it, `enas_mode`."""
    from nascompile.modes import mode_named

    try:
        return mode_named(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def architecture_file(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> tuple[str, int] | None:
    """Return the path and the rank of `FILE` or `FILE#rank`."""
    from nascompile.architecture import split_rank

    if value is None:
        return None
    path, rank = split_rank(value)
    if not os.path.isfile(path):
        raise click.BadParameter(f"there is no file {path!r}")
    if rank < 1:
        raise click.BadParameter("ranks count from 1")
    return path, rank


def known_code(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return a diagnostic's code as the catalogue spells it."""
    if value is None:
        return None
    code = f"NC{value.upper().removeprefix('NC')}"
    if code not in CATALOGUE:
        near = did_you_mean(code, CATALOGUE)
        raise click.BadParameter(f"there is no code {value!r}; {near or '`nascompile explain` lists them'}")
    return code


def output_path(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return where to write; None, which is standard output, for `-` too."""
    if value == "":
        raise click.BadParameter("a file or folder needs a name")
    return None if value == "-" else value


def picture_path(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return where to draw: a file whose name says how."""
    if value is None:
        return None
    from nascompile.drawing.render import FORMATS

    if os.path.splitext(value)[1].lower() not in FORMATS:
        raise click.BadParameter(f"{value!r} does not say how to draw; end it in {', '.join(FORMATS)}")
    return value


def load_config(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Take the defaults of options from the file that is named, or from the nearest above the sources.

    This is called when the sources are known, for `--config` is an eager option that stands after them.
    """
    if value is None and ctx.meta.get(NO_CONFIG):
        return
    if value is not None and not os.path.isfile(value):
        raise click.BadParameter(f"there is no file {value!r}")
    sources = ctx.params.get("sources") or [ctx.params.get("source") or ctx.params.get("file") or "."]
    if value is None and not _may_have_config(sources):
        return
    from nascompile import config
    from nascompile.terminal import show_diagnostics

    found = config.find_config(sources) if value is None else config.read_config(value)
    if isinstance(found, list):
        show_diagnostics(found)
        ctx.exit(2)
    if found is None:
        return
    defaults = found.defaults()
    if "-" in sources:
        defaults.pop("output", None)  # standard input has no name there
    if ctx.command.name == "space":
        defaults.pop("arch", None)  # a picture shows an architecture where that is asked for
    ctx.default_map = {**(ctx.default_map or {}), **defaults}
    ctx.meta[EXCLUDED] = found.exclusions()


def note_no_config(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Keep `load_config`, which is called later, from looking for a file."""
    ctx.meta[NO_CONFIG] = value


def loudness(ctx: click.Context, quiet: bool, verbose: bool) -> tuple[bool, bool]:
    """Return whether to be quiet and whether to be verbose: both cannot be, and the command line overrides a file."""
    if not (quiet and verbose):
        return quiet, verbose
    given = [name for name in ("quiet", "verbose") if is_given(ctx, name)]
    if len(given) != 1:
        raise click.UsageError("--quiet and --verbose do not go together")
    return "quiet" in given, "verbose" in given


def is_given(ctx: click.Context, parameter: str) -> bool:
    """Whether a parameter's value stands on the command line, and does not come from a file or a default."""
    return ctx.get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def exclusion(ctx: click.Context, _parameter: click.Parameter, value: Sequence[str]) -> Exclusion:
    """Return what is excluded by the command line, and by the configuration."""
    return Exclusion([(".", pattern) for pattern in value] + ctx.meta.get(EXCLUDED, []))


def _may_have_config(sources: Sequence[str]) -> bool:
    """Whether there is a file to look into at all; most often there is none, and nothing has to be imported for it."""
    folder = os.path.commonpath([os.path.abspath("." if source == "-" else source) for source in sources])
    while not os.path.isfile(os.path.join(folder, "pyproject.toml")):
        if folder == os.path.dirname(folder):
            return False
        folder = os.path.dirname(folder)
    return True


class SourcePath(click.Path):
    """A file, a folder, or a pattern of files (and `-`)."""

    def __init__(self) -> None:
        super().__init__(exists=True, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and is_pattern(value):
            return value
        return super().convert(value, param, ctx)


@contextlib.contextmanager
def _told(ctx: click.Context) -> Iterator[None]:
    """Tell in a sentence what went wrong outside of the user's code."""
    try:
        yield
    except TreeError as error:
        raise click.UsageError(str(error), ctx) from None
    except WorkerError as error:
        raise click.ClickException(f"{error}. Nothing was written.") from None
    except CompilerBug:
        click.echo("This is a bug of nascompile, and nothing was written. Please report it with the file.", err=True)
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        where = f": {os.fsdecode(error.filename)}" if error.filename else ""
        raise click.ClickException(f"{error.strerror or error}{where}") from None
