"""The command line: arguments in, calls of the api, exit status out.

Results go to standard output as bytes; diagnostics, and all that is said beside them, go to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import click

from nascompile import __version__
from nascompile.build import build_sources, look_at
from nascompile.commands import SETTINGS, ExecCommand, Program, UnnamedCommand, hold_descriptors
from nascompile.compiled import Options
from nascompile.diagnostics import CATALOGUE, WRONG_USAGE, Diagnostic
from nascompile.difference import unified_diff
from nascompile.explanations import explanation_of
from nascompile.flat_space import flat_space
from nascompile.inputs import check_target, picture, write_output
from nascompile.jobs import Work
from nascompile.modes import MODES
from nascompile.options import (
    SourcePath,
    architecture_file,
    config_options,
    format_option,
    is_given,
    known_code,
    loudness,
    mode_options,
    out_option,
    output_option,
    picture_path,
    project_root,
    sources_argument,
    strict_option,
    work_options,
)
from nascompile.passes.advice import nothing_to_search
from nascompile.search_space import SearchSpace
from nascompile.selection import Exclusion
from nascompile.statistics import statistics_json, statistics_text
from nascompile.terminal import (
    has_colour,
    is_terminal,
    progress,
    show_diagnostics,
    show_markdown,
    show_outcomes,
    show_stale,
    show_summary,
)

STATUS_ERRORS, STATUS_USAGE = 1, 2


def main() -> None:
    """Run the command line. What `exec` prepares runs last, when no handler of click's or ours is around it."""
    held = hold_descriptors()
    prepared: list[Callable[[], None]] = []
    try:
        program.main(prog_name="nascompile", obj=prepared)
    except SystemExit:
        if not prepared:
            raise
    for descriptor in held:  # the script finds them as Python would leave them
        os.close(descriptor)
    prepared[0]()


@click.command(cls=UnnamedCommand, context_settings=SETTINGS)
@sources_argument
@output_option
@mode_options
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something would be written or changed.")
@click.option("--diff", is_flag=True, help="Write nothing but what compiling changes in the sources.")
@click.option("-v", "--verbose", is_flag=True, help="Say what becomes of each file; of a bug, where it is.")
@work_options
@config_options
@format_option
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def compile_command(
    ctx: click.Context,
    sources: Sequence[str],
    output: str | None,
    mode: str,
    arch: tuple[str, int] | None,
    no_scopes: bool,
    tf1: bool,
    strict: bool,
    check: bool,
    diff: bool,
    verbose: bool,
    excluded: Exclusion,
    jobs: int | None,
    no_cache: bool,
    quiet: bool,
    form: str,
) -> None:
    """Compile annotated Python files into the graph of a search mode.

    SRC is a file, - for standard input, a folder, or a quoted pattern like 'src/**/*.py'. The result of one file goes
    to standard output, or with -o to OUT, which may be a folder if it is there already or ends in /. Several files, a
    pattern and a folder need a folder OUT. Missing folders are made. Files go by their name in OUT, those of a
    pattern or a folder by their path in it; of a folder all other files come along, save version control, caches and
    virtual environments. They replace what OUT has of the same name, and all else in OUT is left alone.

    Nothing is written if there is an error, and a source never is. Exit status: 0 fine, 1 your code or data has
    errors, or --check would change something, 2 wrong usage, 70 a bug of ours.
    """
    quiet, verbose = loudness(ctx, quiet, verbose)
    options = _options(mode, arch, no_scopes, tf1)
    begin = time.perf_counter()
    with progress(wanted=not quiet) as told:
        work = _work(jobs, no_cache, told)
        root = project_root()
        build = build_sources(sources, output, options, work, excluded, writes=not (check or diff), root=root)
    _show_or_exit(build.diagnostics, quiet=quiet, strict=strict)
    if diff:
        shown = partial(unified_diff, label=mode, coloured=has_colour(sys.stdout), readable=is_terminal(sys.stdout))
        write_output(None, b"".join(shown(one.source, one.output, one.path) for one in build.changes()))
    if check:
        stale = build.stale()
        if stale and not quiet:
            show_stale(stale)
        sys.exit(STATUS_ERRORS if stale else 0)
    if not diff:
        outcomes = build.write()
        if verbose:
            show_outcomes(outcomes, time.perf_counter() - begin)
        elif os.path.isdir(sources[0]) and not quiet:
            show_summary(outcomes, build.search_space)


@click.command("space", context_settings=SETTINGS)
@click.argument("source", metavar="SRC", is_eager=True, type=SourcePath())
@out_option
@click.option("--flat", is_flag=True, help="For tuners of choice, randint and uniform: NNI's searchSpaceFile.")
@click.option(
    "--stats", is_flag=True, help="Write its size and a table of its layers instead; JSON with --format json."
)
@click.option("--graph", metavar="FILE", callback=picture_path, help="Draw it into FILE: .svg, or .dot for Graphviz.")
@click.option("--arch", callback=architecture_file, metavar="FILE[#RANK]", help="With --graph: show this architecture.")
@work_options
@config_options
@format_option
def space_command(
    source: str,
    out: str | None,
    flat: bool,
    stats: bool,
    graph: str | None,
    arch: tuple[str, int] | None,
    excluded: Exclusion,
    jobs: int | None,
    no_cache: bool,
    quiet: bool,
    form: str,
) -> None:
    """Write the search space of a file, a pattern or a folder, as JSON; or look at it, as a table or a picture."""
    if flat and stats:
        raise click.UsageError("--flat and --stats do not go together")
    if arch is not None and graph is None:
        raise click.UsageError("--arch is for --graph FILE")
    work = _work(jobs, no_cache)
    build = build_sources([source], None, None, work, excluded, writes=False, root=project_root())
    for target in (out, graph):
        if target is not None:
            check_target(target, build.sources)
    space = build.search_space
    diagnostics = [*build.diagnostics]
    if not any(diagnostic.is_error for diagnostic in diagnostics):
        diagnostics += nothing_to_search(space.size(), "<stdin>" if source == "-" else source)
    _show_or_exit(diagnostics, quiet=quiet)
    if graph is not None:
        architecture = None if arch is None else _fitting_architecture(arch, space)
        write_output(graph, picture(graph, build.inputs(), space, architecture))
    if stats:
        coloured = out is None and has_colour(sys.stdout)
        text = statistics_json(space) if form == "json" else statistics_text(space, coloured=coloured)
    elif graph is None or flat or out is not None:
        text = json.dumps(flat_space(space) if flat else space.to_json(), indent=2, ensure_ascii=False) + "\n"
    else:
        return
    write_output(out, text.encode(errors="backslashreplace"))


@click.command("check", context_settings=SETTINGS)
@sources_argument
@strict_option
@work_options
@config_options
@format_option
def check_command(
    sources: Sequence[str], strict: bool, excluded: Exclusion, jobs: int | None, no_cache: bool, quiet: bool, form: str
) -> None:
    """Look for mistakes, those that are mistakes in every mode; write nothing."""
    with progress(wanted=not quiet) as told:
        diagnostics = look_at(sources, _work(jobs, no_cache, told), excluded, project_root())
    _show_or_exit(diagnostics, quiet=quiet, strict=strict)


@click.command("explain", context_settings=SETTINGS)
@click.argument("code", metavar="[CODE]", required=False, callback=known_code)
def explain_command(code: str | None) -> None:
    """Say what the code of a diagnostic means, with an example; without CODE, list all codes."""
    if code is None:
        click.echo("\n".join(f"{one}  {title}" for one, title in CATALOGUE.items()))
    else:
        show_markdown(explanation_of(code))


@click.command("exec", cls=ExecCommand, context_settings=SETTINGS)
@click.argument("file", metavar="FILE", is_eager=True, type=click.Path(exists=True, dir_okay=False))
@click.argument("arguments", metavar="[-- ARGS...]", nargs=-1, type=click.UNPROCESSED)
@mode_options
@config_options
@click.pass_obj
def exec_command(
    prepared: list[Callable[[], None]],
    file: str,
    arguments: Sequence[str],
    mode: str,
    arch: tuple[str, int] | None,
    no_scopes: bool,
    tf1: bool,
    strict: bool,
) -> None:
    """Compile a file in memory and run it, as `python FILE ARGS...` would.

    What it imports from its own folder, or from one around it on PYTHONPATH, is compiled too. Nothing is written.
    """
    from nascompile.execution import Script
    from nascompile.project import RootError

    script = Script(file, _options(mode, arch, no_scopes, tf1), project_root(), strict)
    try:
        compiled = script.compile()
    except RootError as error:
        raise click.UsageError(str(error)) from None
    advice = script.advise(compiled) if compiled.ok else []
    _show_or_exit([*compiled.diagnostics, *advice], strict=strict)
    if compiled.output is not None:
        prepared.append(partial(script.run, compiled.output, arguments))


program = Program(compile_command, [space_command, check_command, explain_command, exec_command])


def _fitting_architecture(arch: tuple[str, int], space: SearchSpace) -> Mapping[str, Any]:
    """Return the architecture that --arch names, or exit with what is wrong with it."""
    from nascompile.search_space import check_architecture, fit_architecture

    architecture = _architecture(arch)
    _show_or_exit([mismatch.diagnostic(arch[0]) for mismatch in check_architecture(architecture, space)])
    return fit_architecture(architecture, space)


def _options(mode: str, arch: tuple[str, int] | None, no_scopes: bool, tf1: bool) -> Options:
    """Return how to compile, with the architecture that --arch names, or exit with what is wrong with its file."""
    if not MODES[mode].takes_architecture:
        for name, option in {"arch": "--arch", "no_scopes": "--no-scopes"}.items():
            if is_given(click.get_current_context(), name):
                raise click.UsageError(f"{option} is for --mode fixed")
        return Options(mode, tf1=tf1)
    if arch is None:
        return Options(mode, scopes=not no_scopes, tf1=tf1)
    return Options(mode, _architecture(arch), not no_scopes, tf1)


def _architecture(arch: tuple[str, int]) -> Mapping[str, Any]:
    """Return the architecture that --arch names, or exit with what is wrong with its file."""
    from nascompile.architecture import read_architecture

    architecture = read_architecture(*arch)
    if isinstance(architecture, Diagnostic):
        show_diagnostics([architecture])
        sys.exit(STATUS_ERRORS)
    return architecture


def _work(jobs: int | None, no_cache: bool, told: Callable[[int, int], None] | None = None) -> Work:
    from nascompile.cache import user_cache

    return Work(jobs, None if no_cache else user_cache(), told)


def _show_or_exit(diagnostics: Sequence[Diagnostic], *, quiet: bool = False, strict: bool = False) -> None:
    """Show diagnostics, if `quiet` just the errors, and exit if there is one among them; if `strict` all are."""
    if strict:
        diagnostics = [diagnostic.as_error() for diagnostic in diagnostics]
    show_diagnostics([diagnostic for diagnostic in diagnostics if diagnostic.is_error or not quiet])
    errors = {diagnostic.code for diagnostic in diagnostics if diagnostic.is_error}
    if errors:
        sys.exit(STATUS_USAGE if errors <= WRONG_USAGE else STATUS_ERRORS)
