"""Proves the emitted file before it is written.

What is proven for every file: nothing but the annotated statements and one import differs; every statement of the user
keeps its line; the output parses and compiles; without the generated statements its tree is the source's; and it
holds no annotation, so that compiling it again changes nothing. A failure is a CompilerBug, except where the user's
own code does not compile either.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from nascompile.diagnostics import CompilerBug, Reporter, Span
from nascompile.emit.rewrite import Edit
from nascompile.frontend.scan import scan
from nascompile.lines import Lines, count_newlines


def prove(lines: Lines, tree: ast.Module, output: str, edits: Sequence[Edit], reporter: Reporter) -> None:
    """Check an output against its source.

    Raises:
        CompilerBug: a promise is broken. Code of the user's that does not compile is reported instead.
    """
    if output == lines.text:
        return
    out_lines = Lines(output)
    generated = _generated_ranges(lines, output, edits)
    out_tree = _compiled(out_lines, generated, lines, edits, reporter)
    if out_tree is None:
        return
    _Proof(lines, [(edit.start, edit.end) for edit in edits if edit.site], out_lines, generated).same(tree, out_tree)
    silent = Reporter(reporter.path, out_lines.line)
    if scan(out_lines, out_tree, silent) or silent.diagnostics:
        raise CompilerBug("the output still holds an annotation")


def _generated_ranges(lines: Lines, output: str, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Return where the edits stand in the output, having checked that all else is the source's text, line for line."""
    ranges, at, shift = [], 0, 0
    for edit in edits:
        if output[at + shift : edit.start + shift] != lines.text[at : edit.start]:
            raise CompilerBug("text outside annotations differs")
        start = edit.start + shift
        end = start + len(edit.text)
        if output[start:end] != edit.text or count_newlines(edit.text) != count_newlines(
            lines.text[edit.start : edit.end]
        ):
            raise CompilerBug(f"an expansion does not keep the lines of its annotation: {edit.text!r}")
        ranges.append((start, end))
        shift += len(edit.text) - (edit.end - edit.start)
        at = edit.end
    if output[at + shift :] != lines.text[at:]:
        raise CompilerBug("text outside annotations differs")
    return ranges


def _compiled(
    out_lines: Lines, generated: list[tuple[int, int]], lines: Lines, edits: Sequence[Edit], reporter: Reporter
) -> ast.Module | None:
    """Return the output's tree, having compiled it; None where the user's code is at fault, which is reported."""
    try:
        return _parse_and_compile(out_lines.text, reporter.path)
    except (SyntaxError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        message = getattr(error, "msg", None) or "nested too deeply"
    try:
        _parse_and_compile(lines.text, reporter.path)
    except SyntaxError as error:
        line = error.lineno or 1
        reporter.error(
            "NC002", f"invalid Python: {error.msg}", Span(line, error.offset or 1, line, (error.offset or 1) + 1)
        )
        return None
    except (RecursionError, MemoryError):
        reporter.error("NC003", "the file is nested too deeply to compile", Span(1, 1, 1, 2))
        return None
    sites = [edit.site for edit in edits if edit.site]
    for site in sites:
        if site.span.line <= line <= site.span.end_line:
            reporter.error("NC201", f"the code in this annotation cannot stand here: {message}", site.span)
            return None
    raise CompilerBug(f"the output does not compile: line {line}: {message}")


def _parse_and_compile(text: str, path: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, path)
        compile(text, path, "exec", dont_inherit=True)
    return tree


class _Proof:
    """Compares two trees without the statements that begin in given ranges, by structure and by line."""

    def __init__(
        self, lines: Lines, replaced: list[tuple[int, int]], out_lines: Lines, generated: list[tuple[int, int]]
    ) -> None:
        self._lines = lines
        self._replaced = replaced
        self._starts = [start for start, _ in replaced]
        self._out_lines = out_lines
        self._generated = generated

    def same(self, source: object, output: object) -> None:
        """Raise CompilerBug where the trees differ."""
        if isinstance(source, list) and isinstance(output, list):
            self._same_lists(source, output)
        elif isinstance(source, ast.AST) and type(source) is type(output):
            for name in source._fields:
                self.same(getattr(source, name, None), getattr(output, name, None))
        elif source != output:
            raise CompilerBug(f"the output's tree differs from the source's: {source!r} became {output!r}")

    def _same_lists(self, source: list[object], output: list[object]) -> None:
        kept = [one for one in source if not self._is_in(one, self._lines, self._replaced)]
        made = [one for one in output if not self._is_in(one, self._out_lines, self._generated)]
        if len(kept) != len(made):
            raise CompilerBug(f"a suite of {len(kept)} statements became one of {len(made)}")
        for one, other in zip(kept, made, strict=True):
            if not isinstance(one, ast.stmt) or not isinstance(other, ast.stmt):
                self.same(one, other)
                continue
            if one.lineno != other.lineno:
                raise CompilerBug(f"a statement of line {one.lineno} came to line {other.lineno}")
            if self._is_touched(one):
                self.same(one, other)
            elif _text(one, self._lines) != _text(other, self._out_lines):
                raise CompilerBug(f"the statement of line {one.lineno} changed")

    def _is_touched(self, statement: ast.stmt) -> bool:
        """Whether an annotation stands inside a statement of the source; an untouched one need not be entered."""
        start, end = _range(statement, self._lines)
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._starts[at] < end

    @staticmethod
    def _is_in(node: object, lines: Lines, ranges: list[tuple[int, int]]) -> bool:
        if not isinstance(node, ast.stmt) or not ranges:
            return False
        start = lines.offset(node.lineno, node.col_offset)
        at = bisect_right(ranges, (start, len(lines.text) + 1)) - 1
        return at >= 0 and ranges[at][0] <= start < ranges[at][1]


def _range(statement: ast.stmt, lines: Lines) -> tuple[int, int]:
    start = lines.offset(statement.lineno, statement.col_offset)
    return start, lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)


def _text(statement: ast.stmt, lines: Lines) -> str:
    start, end = _range(statement, lines)
    return lines.text[start:end]
