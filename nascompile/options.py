"""The options of the command line that several commands have: their names, what they say, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import click
from click.core import ParameterSource

from nascompile.diagnostics import CATALOGUE, did_you_mean
from nascompile.modes import MODES, mode_named
from nascompile.selection import Exclusion, is_pattern

_EXCLUDED, _NO_CONFIG, _ROOT = "nascompile.excluded", "nascompile.no_config", "nascompile.root"


class SourcePath(click.Path):
    """A file, a folder, or a pattern of files (and `-`)."""

    def __init__(self) -> None:
        super().__init__(exists=True, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and is_pattern(value):
            return value
        return super().convert(value, param, ctx)


def mode_name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return the name of a mode, which may be spelled as NNI spelled it, `enas_mode`."""
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
    if value is None and ctx.meta.get(_NO_CONFIG):
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
    ctx.meta[_EXCLUDED] = found.exclusions()


def note_root(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Keep for `project_root` where module paths begin."""
    ctx.meta[_ROOT] = value


def project_root() -> str | None:
    """Return the folder that the command line, or the configuration, says module paths begin in."""
    root: str | None = click.get_current_context().meta.get(_ROOT)
    return root


def note_no_config(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Keep `load_config`, which is called later, from looking for a file."""
    ctx.meta[_NO_CONFIG] = value


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
    return Exclusion([(".", pattern) for pattern in value] + ctx.meta.get(_EXCLUDED, []))


def mode_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how files are compiled; `_options` reads them."""
    *others, last = (f"{mode.name} ({mode.summary})" for mode in MODES.values())
    modes = f"{', '.join(others)} or {last}."
    arch = "Mode fixed: the architecture; where FILE lists or ranks several, the first or the one of that rank, from 1."
    for option in (
        strict_option,
        click.option("--tf1", is_flag=True, help="Make code of TensorFlow 1 run on 2.x."),
        click.option("--no-scopes", is_flag=True, help="Mode fixed: write no variable scopes."),
        click.option("--arch", callback=architecture_file, metavar="FILE[#RANK]", help=arch),
        click.option("--mode", callback=mode_name, metavar="MODE", default="classic", show_default=True, help=modes),
    ):
        command = option(command)
    return command


def config_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where a project begins, and its own defaults stand; these work on all options."""
    config = "Take defaults from [tool.nascompile] of FILE, not of the nearest pyproject.toml above the sources."
    root = "Where module paths, and so keys, begin; by default at the nearest pyproject.toml, .git or topmost package."
    folder = click.Path(exists=True, file_okay=False)
    for option in (
        click.option("--root", expose_value=False, callback=note_root, type=folder, metavar="DIR", help=root),
        click.option("--config", is_eager=True, expose_value=False, callback=load_config, metavar="FILE", help=config),
        click.option(
            "--no-config",
            is_eager=True,
            is_flag=True,
            expose_value=False,
            callback=note_no_config,
            help="Take defaults from no file.",
        ),
    ):
        command = option(command)
    return command


def work_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which files are left out, how much is done at once, and how little is said."""
    exclude = "Leave out files and folders of this name, or path; may be given several times."
    jobs = "How many processes compile; as many as pay, if it is not given."
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        click.option("--no-cache", is_flag=True, help="Compile everything anew."),
        click.option("--jobs", type=click.IntRange(min=1), metavar="N", help=jobs),
        click.option("--exclude", "excluded", multiple=True, callback=exclusion, metavar="PATTERN", help=exclude),
    ):
        command = option(command)
    return command


strict_option = click.option("--strict", is_flag=True, help="Take warnings for errors.")
sources_argument = click.argument(
    "sources", metavar="SRC...", nargs=-1, required=True, is_eager=True, type=SourcePath()
)
out_option = click.option("-o", "out", metavar="OUT", callback=output_path, help="Where to write.")
output_option = click.option("-o", "--output", metavar="OUT", callback=output_path, help="Where to write.")
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How diagnostics are written."
)


def _may_have_config(sources: Sequence[str]) -> bool:
    """Whether there is a file to look into at all; most often there is none, and nothing has to be imported for it."""
    folder = os.path.commonpath([os.path.abspath("." if source == "-" else source) for source in sources])
    while not os.path.isfile(os.path.join(folder, "pyproject.toml")):
        if folder == os.path.dirname(folder):
            return False
        folder = os.path.dirname(folder)
    return True
