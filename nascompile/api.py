"""The compiler, read as a table of contents: bytes of a file in, bytes of the compiled file and its diagnostics out.

compiled = compile_source(data, path="trial.py", module="trial", mode="enas")
compiled.output            # the bytes to write, or None where `compiled.diagnostics` holds an error
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nascompile.diagnostics import Diagnostic, Reporter, Span, in_order
from nascompile.lines import Lines
from nascompile.passes.space import build_search_space
from nascompile.search_space import SearchSpace, check_architecture
from nascompile.source import SourceError, SourceText, decode
from nascompile.tree import TreePlan, plan_tree, write_tree

if TYPE_CHECKING:
    from nascompile.ir import Annotated

MARK = b"@nni"


@dataclass(frozen=True, slots=True)
class Options:
    """How files are compiled. `architecture` is for mode fixed; `scopes` says whether fixed writes variable scopes."""

    mode: str = "classic"
    architecture: Mapping[str, Any] | None = None
    scopes: bool = True


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled file. Where there is an error, `output` is None and the search space may be incomplete."""

    output: bytes | None
    search_space: SearchSpace = field(default_factory=SearchSpace)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file was compiled."""
        return self.output is not None


@dataclass(frozen=True, slots=True)
class CompiledTree:
    """A compiled folder: its files by relative path, and everything said about them, told with their full paths."""

    plan: TreePlan
    outputs: Mapping[str, bytes]
    search_space: SearchSpace
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether all files were compiled."""
        return not any(diagnostic.is_error for diagnostic in self.diagnostics)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file whose annotations are understood: what the modes work on."""

    source: SourceText
    lines: Lines
    tree: ast.Module
    annotations: list[Annotated]
    reporter: Reporter


def compile_source(
    data: bytes,
    *,
    path: str = "<stdin>",
    module: str = "stdin",
    mode: str = "classic",
    architecture: Mapping[str, Any] | None = None,
    scopes: bool = True,
) -> Compiled:
    """Compile one file. A mistake of the user is a diagnostic; nothing is raised for it.

    Raises:
        CompilerBug: the output would break a promise of the compiler's.
    """
    parsed = _parse(data, path, module)
    if isinstance(parsed, Diagnostic):
        return Compiled(None, diagnostics=(parsed,))
    if parsed is None:
        return Compiled(data)
    space = build_search_space(parsed.annotations)
    options = Options(mode, architecture, scopes)
    _check_architecture(parsed, space, options)
    output = None if parsed.reporter.has_errors else _generate(parsed, options)
    diagnostics = in_order(parsed.reporter.diagnostics)
    return Compiled(None if parsed.reporter.has_errors else output, space, diagnostics)


def analyse_source(data: bytes, *, path: str = "<stdin>", module: str = "stdin") -> Compiled:
    """Find a file's search space and its mistakes, whatever the mode. The output is the file as it is."""
    parsed = _parse(data, path, module)
    if isinstance(parsed, Diagnostic):
        return Compiled(None, diagnostics=(parsed,))
    if parsed is None:
        return Compiled(data)
    diagnostics = in_order(parsed.reporter.diagnostics)
    return Compiled(None if parsed.reporter.has_errors else data, build_search_space(parsed.annotations), diagnostics)


def compile_tree(source: str, output: str, options: Options) -> CompiledTree:
    """Compile a folder into another one. All files are compiled before any is written; none is if one has an error.

    Raises:
        TreeError: the folders do not go together.
        OSError: something cannot be read or written.
    """
    tree = _each_module(plan_tree(source, output), options)
    if tree.ok:
        write_tree(tree.plan, tree.outputs)
    return tree


def analyse_tree(source: str) -> CompiledTree:
    """Find a folder's search space and its mistakes, whatever the mode."""
    return _each_module(plan_tree(source), None)


def _each_module(plan: TreePlan, options: Options | None) -> CompiledTree:
    """Compile every module of a folder, or look at it where there are no options."""
    outputs: dict[str, bytes] = {}
    space = SearchSpace()
    diagnostics: list[Diagnostic] = []
    for module in plan.modules:
        path = os.path.join(plan.source, module.path)
        data = Path(path).read_bytes()
        if MARK not in data:
            continue
        if options is None:
            compiled = analyse_source(data, path=path, module=module.name)
        else:
            compiled = compile_source(
                data,
                path=path,
                module=module.name,
                mode=options.mode,
                architecture=options.architecture,
                scopes=options.scopes,
            )
        diagnostics += compiled.diagnostics
        space = space.joined(compiled.search_space)
        if compiled.output is not None and compiled.output != data:
            outputs[module.path] = compiled.output
    return CompiledTree(plan, outputs, space, in_order(diagnostics))


def _parse(data: bytes, path: str, module: str) -> _Parsed | Diagnostic | None:
    """Run the frontend and the passes: None for a file without annotations, a diagnostic for one that is not Python."""
    if MARK not in data:
        return None
    try:
        source = decode(data)
    except SourceError as error:
        return _at_line("NC001", error.message, path, error.line, None)
    lines = Lines(source.text)
    tree = _parse_python(lines, path)
    if isinstance(tree, Diagnostic):
        return tree
    from nascompile.frontend.annotations import parse_annotations
    from nascompile.passes.check import check_annotations
    from nascompile.passes.keys import assign_keys

    reporter = Reporter(path, lines.line)
    annotations = assign_keys(parse_annotations(lines, tree, reporter), module)
    check_annotations(annotations, reporter)
    if not annotations and not reporter.diagnostics:
        return None
    return _Parsed(source, lines, tree, annotations, reporter)


def _parse_python(lines: Lines, path: str) -> ast.Module | Diagnostic:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's code, and said when it runs
            return ast.parse(lines.text, path)
    except SyntaxError as error:
        line = min(error.lineno or 1, len(lines))
        column = max(error.offset or 1, 1)
        span = Span(line, column, line, column + 1)
        return Diagnostic("NC002", f"invalid Python: {error.msg}", path, span, line_text=lines.line(line))
    except (RecursionError, MemoryError):
        return Diagnostic("NC003", "the file is nested too deeply to parse", path)


def _check_architecture(parsed: _Parsed, space: SearchSpace, options: Options) -> None:
    """Report where mode fixed lacks an architecture that fits the file's layers."""
    if options.mode != "fixed" or not space.blocks or parsed.reporter.has_errors:
        return
    add = parsed.reporter.diagnostics.append
    path = parsed.reporter.path
    if options.architecture is None:
        hint = "give one with --arch FILE; `nascompile space` shows what it must hold"
        add(Diagnostic("NC403", "mode fixed needs an architecture for the layers of this file", path, hint=hint))
        return
    for message in check_architecture(options.architecture, space):
        add(Diagnostic("NC402", f"the architecture does not fit: {message}", path))


def _generate(parsed: _Parsed, options: Options) -> bytes | None:
    """Return the bytes of the file in a mode, proven; None where it cannot be written so, which is reported."""
    from nascompile.emit.rewrite import apply_edits, rewrite
    from nascompile.modes import MODES
    from nascompile.modes.base import Context
    from nascompile.passes.names import TensorFlowNames, free_alias
    from nascompile.safety import prove

    text, reporter = parsed.lines.text, parsed.reporter
    context = Context(
        alias=free_alias(text),
        reporter=reporter,
        tensorflow=TensorFlowNames(text, parsed.tree, reporter.path),
        architecture=options.architecture,
        scopes=options.scopes,
        mentions_reuse="reuse" in text,
    )
    edits = rewrite(parsed.lines, parsed.tree, parsed.annotations, MODES[options.mode], context)
    if reporter.has_errors:
        return None
    output = apply_edits(text, edits)
    prove(parsed.lines, parsed.tree, output, edits, reporter)
    if reporter.has_errors:
        return None
    try:
        return parsed.source.with_text(output).encode()
    except SourceError as error:
        reporter.diagnostics.append(_at_line("NC001", error.message, reporter.path, error.line, parsed.lines))
        return None


def _at_line(code: str, message: str, path: str, line: int | None, lines: Lines | None) -> Diagnostic:
    """Return a diagnostic about a line as a whole, or about the file."""
    if line is None:
        return Diagnostic(code, message, path)
    text = lines.line(line) if lines else None
    return Diagnostic(code, message, path, Span(line, 1, line, 2), line_text=text)
