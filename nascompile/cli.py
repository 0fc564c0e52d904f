"""The command line: arguments in, calls of the api, exit status out.

Results go to standard output as bytes; diagnostics, and all that is said beside them, go to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import click

from nascompile import __version__, api
from nascompile.commands import (
    SETTINGS,
    ExecCommand,
    Program,
    UnnamedCommand,
    architecture_file,
    mode_name,
    output_path,
    picture_path,
)
from nascompile.diagnostics import WRONG_USAGE, Diagnostic
from nascompile.flat_space import flat_space
from nascompile.inputs import check_target, find_targets, picture, read_input, read_modules, write_output
from nascompile.modes import MODES
from nascompile.search_space import SearchSpace
from nascompile.statistics import statistics_json, statistics_text
from nascompile.terminal import is_terminal, show_diagnostics, show_summary

STATUS_ERRORS, STATUS_USAGE = 1, 2


def main() -> None:
    """Run the command line. What `exec` prepares runs last, when no handler of click's or ours is around it."""
    prepared: list[Callable[[], None]] = []
    try:
        program.main(prog_name="nascompile", obj=prepared)
    except SystemExit:
        if not prepared:
            raise
    prepared[0]()


def mode_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how files are compiled; `_options` reads them."""
    *others, last = (f"{mode.name} ({mode.summary})" for mode in MODES.values())
    modes = f"{', '.join(others)} or {last}."
    arch = "Mode fixed: the architecture; where FILE lists or ranks several, the first or the one of that rank, from 1."
    for option in (
        click.option("--no-scopes", is_flag=True, help="Mode fixed: write no variable scopes."),
        click.option("--arch", callback=architecture_file, metavar="FILE[#RANK]", help=arch),
        click.option("--mode", callback=mode_name, metavar="MODE", default="classic", show_default=True, help=modes),
    ):
        command = option(command)
    return command


SOURCE = click.Path(exists=True, allow_dash=True)
out_option = click.option("-o", "out", metavar="OUT", callback=output_path, help="Where to write.")
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How diagnostics are written."
)


@click.command(cls=UnnamedCommand, context_settings=SETTINGS)
@click.argument("sources", metavar="SRC...", nargs=-1, required=True, type=SOURCE)
@out_option
@mode_options
@format_option
@click.version_option(__version__, message="%(prog)s %(version)s")
def compile_command(
    sources: Sequence[str], out: str | None, mode: str, arch: tuple[str, int] | None, no_scopes: bool, form: str
) -> None:
    """Compile annotated Python files into the graph of a search mode.

    One file goes to standard output, or with -o to OUT: a file, or an existing folder. Several files go into a folder
    OUT. A folder goes into a folder OUT, and all its files come along, save version control, caches and virtual
    environments; they replace what OUT has of the same name, and all else in OUT is left alone. SRC may be - for
    standard input.

    Nothing is written if there is an error, and a source never is. Exit status: 0 fine, 1 your code or data has
    errors, 2 wrong usage.
    """
    options = _options(mode, arch, no_scopes, form)
    if any(os.path.isdir(source) for source in sources):
        if len(sources) > 1:
            raise click.UsageError("a folder is compiled alone; give one folder, or files")
        if out is None:
            raise click.UsageError("a folder needs -o OUT")
        tree = api.compile_tree(sources[0], out, options)
        _show_or_exit([*tree.plan.warnings, *tree.diagnostics], form)
        show_summary(tree)
        return
    inputs = [read_input(source) for source in sources]
    targets = find_targets(inputs, out)
    results = [one.compile(options) for one in inputs]
    _show_or_exit([diagnostic for result in results for diagnostic in result.diagnostics], form)
    for one, target, result in zip(inputs, targets, results, strict=True):
        if result.output is not None:
            write_output(target, result.output, one.path)


@click.command("space", context_settings=SETTINGS)
@click.argument("source", metavar="SRC", type=SOURCE)
@out_option
@click.option("--flat", is_flag=True, help="For tuners of choice, randint and uniform: NNI's searchSpaceFile.")
@click.option(
    "--stats", is_flag=True, help="Write its size and a table of its layers instead; JSON with --format json."
)
@click.option("--graph", metavar="FILE", callback=picture_path, help="Draw it into FILE: .svg, or .dot for Graphviz.")
@click.option("--arch", callback=architecture_file, metavar="FILE[#RANK]", help="With --graph: show this architecture.")
@format_option
def space_command(
    source: str,
    out: str | None,
    flat: bool,
    stats: bool,
    graph: str | None,
    arch: tuple[str, int] | None,
    form: str,
) -> None:
    """Write the search space of a file or a folder, as JSON; or look at it, as a table or a picture."""
    if flat and stats:
        raise click.UsageError("--flat and --stats do not go together")
    if arch is not None and graph is None:
        raise click.UsageError("--arch is for --graph FILE")
    if os.path.isdir(source):
        tree = api.analyse_tree(source)
        diagnostics, space = [*tree.plan.warnings, *tree.diagnostics], tree.search_space
        inputs = read_modules(tree.plan)
    else:
        inputs = [read_input(source)]
        result = inputs[0].compile(None)
        diagnostics, space = [*result.diagnostics], result.search_space
    for target in (out, graph):
        if target is not None:
            check_target(target, [one.path for one in inputs if one.path is not None])
    _show_or_exit(diagnostics, form)
    if graph is not None:
        architecture = None if arch is None else _fitting_architecture(arch, space, form)
        write_output(graph, picture(graph, inputs, space, architecture))
    if stats:
        text = statistics_json(space) if form == "json" else statistics_text(space, coloured=is_terminal(out))
    elif graph is None or flat or out is not None:
        text = json.dumps(flat_space(space) if flat else space.to_json(), indent=2, ensure_ascii=False) + "\n"
    else:
        return
    write_output(out, text.encode(errors="backslashreplace"))


@click.command("check", context_settings=SETTINGS)
@click.argument("sources", metavar="SRC...", nargs=-1, required=True, type=SOURCE)
@format_option
def check_command(sources: Sequence[str], form: str) -> None:
    """Look for mistakes, those that are mistakes in every mode; write nothing."""
    diagnostics: list[Diagnostic] = []
    for source in sources:
        if os.path.isdir(source):
            tree = api.analyse_tree(source)
            diagnostics += [*tree.plan.warnings, *tree.diagnostics]
        else:
            diagnostics += read_input(source).compile(None).diagnostics
    _show_or_exit(diagnostics, form)


@click.command("exec", cls=ExecCommand, context_settings=SETTINGS)
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@click.argument("arguments", metavar="[-- ARGS...]", nargs=-1, type=click.UNPROCESSED)
@mode_options
@click.pass_obj
def exec_command(
    prepared: list[Callable[[], None]],
    file: str,
    arguments: Sequence[str],
    mode: str,
    arch: tuple[str, int] | None,
    no_scopes: bool,
) -> None:
    """Compile a file in memory and run it, as `python FILE ARGS...` would.

    What it imports from its own folder is compiled too. Nothing is written.
    """
    from nascompile.execution import Script

    script = Script(file, _options(mode, arch, no_scopes, "text"))
    compiled = script.compile()
    _show_or_exit(compiled.diagnostics, "text")
    if compiled.output is not None:
        prepared.append(partial(script.run, compiled.output, arguments))


program = Program(compile_command, [space_command, check_command, exec_command])


def _fitting_architecture(arch: tuple[str, int], space: SearchSpace, form: str) -> Mapping[str, Any]:
    """Return the architecture that --arch names, or exit with what is wrong with it."""
    from nascompile.architecture import read_architecture
    from nascompile.search_space import check_architecture

    architecture = read_architecture(*arch)
    if isinstance(architecture, Diagnostic):
        show_diagnostics([architecture], form)
        sys.exit(STATUS_ERRORS)
    wrong = check_architecture(architecture, space)
    message = "the architecture does not fit: {}"
    _show_or_exit([Diagnostic("NC402", message.format(one.message), arch[0], hint=one.hint) for one in wrong], form)
    return architecture


def _options(mode: str, arch: tuple[str, int] | None, no_scopes: bool, form: str) -> api.Options:
    """Return how to compile, with the architecture that --arch names, or exit with what is wrong with its file."""
    if not MODES[mode].takes_architecture and (arch is not None or no_scopes):
        raise click.UsageError(f"{'--no-scopes' if arch is None else '--arch'} is for --mode fixed")
    if arch is None:
        return api.Options(mode, scopes=not no_scopes)
    from nascompile.architecture import read_architecture

    architecture = read_architecture(*arch)
    if isinstance(architecture, Diagnostic):
        show_diagnostics([architecture], form)
        sys.exit(STATUS_ERRORS)
    return api.Options(mode, architecture, scopes=not no_scopes)


def _show_or_exit(diagnostics: Sequence[Diagnostic], form: str) -> None:
    """Show diagnostics, and exit if there is an error among them."""
    show_diagnostics(diagnostics, form)
    errors = {diagnostic.code for diagnostic in diagnostics if diagnostic.is_error}
    if errors:
        sys.exit(STATUS_USAGE if errors <= WRONG_USAGE else STATUS_ERRORS)
