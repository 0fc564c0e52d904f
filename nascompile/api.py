"""The compiler, read as a table of contents: bytes of a file in, bytes of the compiled file and its diagnostics out.

compiled = compile_source(data, path="trial.py", module="trial", mode="enas")
compiled.output            # the bytes to write, or None where `compiled.diagnostics` holds an error
"""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nascompile.compiled import Compiled, Options
from nascompile.diagnostics import Diagnostic, Reporter, in_order
from nascompile.frontend.read import PythonFile, read_python, too_deep
from nascompile.ir import Annotated
from nascompile.modes import MODES
from nascompile.notebook.reading import is_notebook, looks_like_notebook
from nascompile.passes.architecture import fitting
from nascompile.passes.space import build_search_space
from nascompile.passes.usage import EMPTY, Usage
from nascompile.source import hides

MARK = b"@nni"
_MISSPELT_MARKS = (b"@nascompile.", b"@mutable_layer")
_find_letters = re.compile(rb"nni").search  # for files that do not have them, this is all there is
_find_name = re.compile(rb"nni(?:\b|_)").search
_find_near_miss = re.compile(rb"nni[ \t]*\.[ \t]*[a-z_]+[ \t]*\(").search
_find_import = re.compile(rb"\bimport\b[^\n\r]*\bnni\b|\bfrom[ \t\f\\\r\n]+nni\b").search


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file whose annotations are understood: what the modes work on."""

    file: PythonFile
    annotations: list[Annotated]
    reporter: Reporter
    usage: Usage


def compile_source(
    data: bytes,
    *,
    path: str = "<stdin>",
    module: str = "stdin",
    mode: str = "classic",
    architecture: Mapping[str, Any] | None = None,
    scopes: bool = True,
    tf1: bool = False,
) -> Compiled:
    """Compile one file. A mistake of the user is a diagnostic; nothing is raised for it.

    Raises:
        CompilerBug: the output would break a promise of the compiler's, or something of ours fails.
    """
    return compile_file(data, Options(mode, architecture, scopes, tf1), path, module)


def analyse_source(data: bytes, *, path: str = "<stdin>", module: str = "stdin") -> Compiled:
    """Find a file's search space and its mistakes, whatever the mode. The output is the file as it is."""
    return compile_file(data, None, path, module)


def annotations_of(data: bytes, *, path: str, module: str) -> list[Annotated]:
    """Return the annotations of a file, with their keys; of one that has mistakes, those that are understood."""
    data = python_of(data, path)
    parsed = _parse(data, path, module) if MARK in data else None
    return parsed.annotations if isinstance(parsed, _Parsed) else []


def compile_file(data: bytes, options: Options | None, path: str, module: str) -> Compiled:
    """Compile one file as `compile_source` does, or without options analyse it."""
    compiled = compile_alone(data, options, path, module)
    if options is None or not compiled.ok:
        return compiled
    advice: list[Diagnostic] = []
    if options.architecture is not None:
        from nascompile.passes.unknown import check_unknown

        advice += check_unknown(options.architecture, compiled.search_space, {module: path}, is_all=False)
    if compiled.search_space.blocks:
        from nascompile.passes.advice import advise

        advice += in_cells(advise({path: compiled.usage}, compiled.search_space, options), {path: data})
    return replace(compiled, diagnostics=in_order((*compiled.diagnostics, *advice))) if advice else compiled


def compile_alone(data: bytes, options: Options | None, path: str, module: str) -> Compiled:
    """Compile one of maybe several files: what there is to say of them together is left out.

    Raises:
        CompilerBug: whatever else went wrong; it names the file.
    """
    if not is_looked_at(data, options):
        return Compiled(data)
    try:
        if is_notebook(path, data):
            from nascompile.notebook.compilation import compile_notebook

            return compile_notebook(data, path, lambda cells: _compile(cells, path, module, options, awaits=True))
        compiled = _compile(data, path, module, options)
    except RecursionError:
        compiled = Compiled(None, diagnostics=(too_deep(path),))
    except (OSError, MemoryError):  # these are of the machine
        raise
    except Exception as error:
        from nascompile.bugs import bug_in

        raise bug_in(path, error) from error
    # what holds no annotation comes out as it is
    return compiled if compiled.ok or MARK in data or hides(data, MARK.decode()) else Compiled(data)


def python_of(data: bytes, path: str) -> bytes:
    """Return a Python file as it is, and of a notebook the module that its code cells are."""
    if not is_notebook(path, data):
        return data
    from nascompile.notebook.compilation import module_data

    return module_data(data, path)


def in_cells(diagnostics: Sequence[Diagnostic], files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return what is said of files, by path, with the places of notebooks in their cells."""
    if not any(
        diagnostic.path in files and is_notebook(diagnostic.path, files[diagnostic.path]) for diagnostic in diagnostics
    ):
        return list(diagnostics)
    from nascompile.notebook.compilation import placed_in_cells

    return [placed_in_cells(diagnostic, files) for diagnostic in diagnostics]


def is_looked_at(data: bytes, options: Options | None) -> bool:
    """Whether there may be something to do or to say in a file, by its bytes alone: if not, it is not even parsed."""
    if options is not None and options.tf1 and b"tensorflow" in data:
        return True
    letters = _find_letters(data)
    if letters is None or _find_name(data, letters.start()) is None:
        is_misspelt = any(mark in data for mark in _MISSPELT_MARKS)
        return is_misspelt or looks_like_notebook(data) or hides(data, MARK.decode())  # JSON may cut words in two
    is_annotated = MARK in data or _find_near_miss(data) is not None or any(mark in data for mark in _MISSPELT_MARKS)
    if is_annotated or (options is not None and _find_import(data) is not None):
        return True
    return looks_like_notebook(data)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking the syntax trees of a large file again and again: they hold no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_collector_paused()
def _compile(data: bytes, path: str, module: str, options: Options | None, *, awaits: bool = False) -> Compiled:
    """Compile a file, or look at it where there are no options; `awaits` says that it may wait outside of functions."""
    from nascompile.passes.tensorflow1 import check_tensorflow1

    parsed = _parse(data, path, module)
    if isinstance(parsed, Diagnostic):
        return Compiled(None, diagnostics=(parsed,))
    tf1 = options is not None and options.tf1
    if not parsed.reporter.has_errors and (parsed.annotations or tf1):
        check_tensorflow1(parsed.file, tf1=tf1, reporter=parsed.reporter)
    space = build_search_space(parsed.annotations)
    output: bytes | None = data
    if options is not None:
        if MODES[options.mode].takes_architecture and not parsed.reporter.has_errors:
            architecture = fitting(options.architecture, parsed.annotations, space, parsed.reporter)
            options = replace(options, architecture=architecture)
        output = None if parsed.reporter.has_errors else _generate(parsed, options, awaits=awaits)
    diagnostics = in_order(parsed.reporter.diagnostics)
    return Compiled(None if parsed.reporter.has_errors else output, space, diagnostics, parsed.usage)


def _parse(data: bytes, path: str, module: str) -> _Parsed | Diagnostic:
    """Run the frontend and the passes; a diagnostic for a file that is not Python."""
    file = read_python(data, path)
    if isinstance(file, Diagnostic):
        return file
    from nascompile.frontend.annotations import parse_annotations
    from nascompile.frontend.near_misses import find_near_misses
    from nascompile.passes.advice import check_loops
    from nascompile.passes.ambiguity import check_keys
    from nascompile.passes.check import check_annotations
    from nascompile.passes.keys import assign_keys
    from nascompile.passes.sharing import check_sharing
    from nascompile.passes.undefined import check_names
    from nascompile.passes.usage import usage_of

    reporter = Reporter(path, file.lines.line)
    annotations = assign_keys(parse_annotations(file.lines, file.tree, reporter), module)
    check_annotations(annotations, reporter)
    check_sharing(annotations, file.lines.text, reporter)
    find_near_misses(file.lines, file.tree, reporter)
    if not reporter.has_errors:  # an annotation with a mistake may define what another one uses
        check_names(annotations, file.lines, file.tree, reporter)
    check_keys(annotations, reporter)
    usage = EMPTY
    if not reporter.has_errors:
        usage = usage_of(annotations, file, data)
        check_loops(annotations, usage, reporter)
    return _Parsed(file, annotations, reporter, usage)


def _generate(parsed: _Parsed, options: Options, *, awaits: bool) -> bytes | None:
    """Return the bytes of the file in a mode, proven; None where it cannot be written so, which is reported."""
    from nascompile.emit.encoding import in_encoding
    from nascompile.emit.imports import merged, runtime_edits, tensorflow1_edits
    from nascompile.emit.rewrite import apply_edits, rewrite
    from nascompile.modes.base import Context
    from nascompile.passes.names import TensorFlowNames, free_alias
    from nascompile.passes.style import Style
    from nascompile.safety import prove

    lines, tree, reporter = parsed.file.lines, parsed.file.tree, parsed.reporter
    context = Context(
        alias=free_alias(lines.text),
        reporter=reporter,
        tensorflow=TensorFlowNames(lines.text, tree, reporter.path, tf1=options.tf1),
        style=Style(lines, tree),
        architecture=options.architecture,
        scopes=options.scopes,
        mentions_reuse="reuse" in lines.text,
    )
    mode = MODES[options.mode]
    edits = rewrite(lines, tree, parsed.annotations, mode, context)
    if not parsed.annotations:
        edits = runtime_edits(parsed.file, mode.runtime_module)
    if options.tf1:
        edits = merged(edits, tensorflow1_edits(parsed.file))
    edits = [in_encoding(edit, parsed.file.source, reporter) for edit in edits]
    if reporter.has_errors:
        return None
    output = apply_edits(lines.text, edits)
    prove(lines, tree, output, edits, reporter, awaits=awaits)
    return None if reporter.has_errors else parsed.file.source.with_text(output).encode()
