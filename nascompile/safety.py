"""Proves the emitted file before it is written.

What is proven for every file: nothing but the annotated statements and one import differs; every statement of the user
keeps its line; the output parses and compiles; without the generated statements its tree is the source's, and every
expansion is a statement of it; and it holds no annotation, so that compiling it again changes nothing. A failure is a
CompilerBug, except where the user's own code does not compile either.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nascompile.diagnostics import CompilerBug, Reporter
from nascompile.emit.rewrite import Edit
from nascompile.frontend.scan import scan
from nascompile.frontend.statements import first_position
from nascompile.lines import Lines, count_newlines


def prove(lines: Lines, tree: ast.Module, output: str, edits: Sequence[Edit], reporter: Reporter) -> None:
    """Check an output against its source.

    Raises:
        CompilerBug: a promise is broken. Code of the user's that does not compile is reported instead.
    """
    if output == lines.text:
        return
    generated = _generated_ranges(lines, output, edits)
    if not _compiles(output, lines, edits, reporter):
        return
    annotated = [(edit.start, edit.end) for edit in edits if edit.site]
    for part in _touched_parts(lines, tree, output, edits, generated):
        _check_same_tree(part, lines, annotated)
        silent = Reporter(reporter.path, part.lines.line)
        if scan(part.lines, part.tree, silent) or silent.diagnostics:
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


def _compiles(output: str, lines: Lines, edits: Sequence[Edit], reporter: Reporter) -> bool:
    """Whether the output compiles; where the user's code is at fault, that is reported."""
    try:
        _compile(output, reporter.path)
    except SyntaxError as error:
        refused = error
    else:
        return True
    try:
        _compile(lines.text, reporter.path)
    except SyntaxError as error:
        span = lines.span(*lines.error_range(error, in_bytes=True))
        reporter.error("NC002", f"invalid Python: {error.msg}", span)
        return False
    _report_conflict(refused, output, lines, edits, reporter)
    return False


def _report_conflict(error: SyntaxError, output: str, lines: Lines, edits: Sequence[Edit], reporter: Reporter) -> None:
    """Report an expansion and code around it that are right by themselves but not together: names, nested blocks.

    Raises:
        CompilerBug: the output is not even Python.
    """
    line = error.lineno or 0
    try:
        ast.parse(output)
    except SyntaxError:
        raise CompilerBug(f"the output is not Python: line {line}: {error.msg}") from error
    message = f"invalid Python once the annotations are compiled: {error.msg}"
    for edit in edits:
        if edit.site and edit.site.span.line <= line <= edit.site.span.end_line:
            code, hint = ("NC501", "compile with --no-scopes") if edit.text.startswith("with ") else ("NC105", None)
            reporter.error(code, message, edit.site.span, hint)
            return
    place = lines.span(*lines.error_range(error, in_bytes=True))
    reporter.error("NC105", message, place, hint="this does not go with an annotation in the same function or class")


def _compile(text: str, path: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(text, path, "exec", dont_inherit=True)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some statements of the module: as they were, and parsed from the output alone.

    `above` counts the lines above them. `generated` are the ranges of generated code, by offsets in `lines`.
    """

    statements: list[ast.stmt]
    above: int
    lines: Lines
    tree: ast.Module
    generated: list[tuple[int, int]]


def _touched_parts(
    lines: Lines, tree: ast.Module, output: str, edits: Sequence[Edit], generated: list[tuple[int, int]]
) -> list[_Part]:
    """Return the parts of the module that hold edits, cut where one of its statements begins a line.

    A text that can be parsed up to such a line, and from that line on, is one tree after the other; and outside of
    these parts the text is the source's. Where a part cannot be parsed by itself, the whole module is the part.
    """

    def part(statements: list[ast.stmt], start: int, end: int, within: range) -> _Part:
        before = within.start - 1
        start_in_output = start + (generated[before][1] - edits[before].end if before >= 0 else 0)
        end_in_output = end + (generated[within.stop - 1][1] - edits[within.stop - 1].end)
        text = output[start_in_output:end_in_output]
        ranges = [(generated[index][0] - start_in_output, generated[index][1] - start_in_output) for index in within]
        return _Part(statements, lines.position(start)[0] - 1, Lines(text), _parse(text), ranges)

    try:
        return [part(*cut) for cut in _cuts(lines, tree, edits)]
    except SyntaxError:
        return [part(tree.body, 0, len(lines.text), range(len(edits)))]


def _cuts(lines: Lines, tree: ast.Module, edits: Sequence[Edit]) -> Iterator[tuple[list[ast.stmt], int, int, range]]:
    """Yield the parts of the source that hold edits: statements, start and end, and which edits these are."""
    firsts = [0]
    firsts += [
        index
        for index in range(1, len(tree.body))
        if first_position(tree.body[index], lines)[0] > (tree.body[index - 1].end_lineno or 0)
    ]
    starts = [0, *(lines.start(first_position(tree.body[index], lines)[0]) for index in firsts[1:]), len(lines.text)]
    firsts.append(len(tree.body))
    at = 0
    while at < len(edits):
        begin = bisect_right(starts, edits[at].start, hi=len(starts) - 1) - 1
        first, stop = at, starts[begin]
        while at < len(edits) and (edits[at].start < stop or at == first):
            end = bisect_left(starts, edits[at].end, lo=begin + 1, hi=len(starts) - 1)
            stop = max(stop, starts[end])
            at += 1
        yield tree.body[firsts[begin] : firsts[end]], starts[begin], stop, range(first, at)


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _check_same_tree(part: _Part, lines: Lines, annotated: list[tuple[int, int]]) -> None:
    """Compare the trees of a part without annotated and generated statements, by structure and by line.

    Raises:
        CompilerBug: they differ, or generated code is no statement of the output (it fell into a comment, say).
    """
    pairs: list[tuple[object, object]] = [(part.statements, part.tree.body)]
    missing = {index for index, (start, end) in enumerate(part.generated) if part.lines.text[start:end].strip()}
    while pairs:
        source, output = pairs.pop()
        if isinstance(source, list) and isinstance(output, list):
            kept = [one for one in source if _place_among(annotated, one, lines) is None]
            places = [_place_among(part.generated, one, part.lines) for one in output]
            made = [one for one, place in zip(output, places, strict=True) if place is None]
            missing.difference_update(places)
            if len(kept) != len(made):
                raise CompilerBug(f"a suite of {len(kept)} statements became one of {len(made)}")
            pairs += [
                pair for pair in zip(kept, made, strict=True) if not _is_same_statement(*pair, part, lines, annotated)
            ]
        elif isinstance(source, ast.AST) and type(source) is type(output):
            pairs += [(getattr(source, name, None), getattr(output, name, None)) for name in source._fields]
        elif source != output:
            raise CompilerBug(f"the output's tree differs from the source's: {source!r} became {output!r}")
    for index in missing:
        raise CompilerBug(f"generated code is lost: {part.lines.text[slice(*part.generated[index])]!r}")


def _is_same_statement(
    source: object, output: object, part: _Part, lines: Lines, annotated: list[tuple[int, int]]
) -> bool:
    """Whether nothing was generated in a statement and its text is the same, so that its tree need not be entered."""
    if not isinstance(source, ast.stmt) or not isinstance(output, ast.stmt):
        return False
    if source.lineno != output.lineno + part.above:
        raise CompilerBug(f"a statement of line {source.lineno} came to line {output.lineno + part.above}")
    if _holds(source, lines, annotated) or _holds(output, part.lines, part.generated):
        return False
    if _text(source, lines) != _text(output, part.lines):
        raise CompilerBug(f"the statement of line {source.lineno} changed")
    return True


def _place_among(ranges: list[tuple[int, int]], node: object, lines: Lines) -> int | None:
    """Return the index of the range that a statement begins in; None where it begins in none, or is no statement."""
    if not isinstance(node, ast.stmt) or not ranges:
        return None
    start = lines.offset(*first_position(node, lines))
    at = bisect_right(ranges, (start, len(lines.text) + 1)) - 1
    return at if at >= 0 and ranges[at][0] <= start < ranges[at][1] else None


def _holds(statement: ast.stmt, lines: Lines, ranges: list[tuple[int, int]]) -> bool:
    """Whether one of the ranges begins inside a statement; if none does, the statement need not be entered.

    A comment at the end of a suite is part of no statement until code stands in its place.
    """
    start, end = _range(statement, lines)
    at = bisect_left(ranges, (start, 0))
    return at < len(ranges) and ranges[at][0] < end


def _range(statement: ast.stmt, lines: Lines) -> tuple[int, int]:
    start = lines.offset(*first_position(statement, lines))
    return start, lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)


def _text(statement: ast.stmt, lines: Lines) -> str:
    start, end = _range(statement, lines)
    return lines.text[start:end]
