"""Proves the emitted file before it is written.

What is proven for every file: nothing but the annotated statements and one import differs; every statement of the user
keeps its line; the output parses and compiles; without the generated statements and values its tree is the source's,
and every expansion is a statement or an expression of it; and it holds no annotation, so that compiling it again
changes nothing. A failure is a CompilerBug, except where the user's own code does not compile either.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from nascompile.diagnostics import CompilerBug, Reporter
from nascompile.emit.rewrite import Edit
from nascompile.frontend.scan import scan
from nascompile.frontend.statements import first_position
from nascompile.lines import Lines, count_newlines
from nascompile.parts import Part, Range, touched_parts


def prove(
    lines: Lines, tree: ast.Module, output: str, edits: Sequence[Edit], reporter: Reporter, *, awaits: bool = False
) -> None:
    """Check an output against its source; `awaits` says that it may wait outside of functions, as notebooks do.

    Raises:
        CompilerBug: a promise is broken. Code of the user's that does not compile is reported instead.
    """
    if output == lines.text:
        return
    generated = _generated_ranges(lines, output, edits)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if awaits else 0
    if not _compiles(output, lines, edits, reporter, flags):
        return
    annotated = [(edit.start, edit.end) for edit in edits if edit.start < edit.end and not edit.is_value]
    for part in touched_parts(lines, tree, output, edits, generated):
        _check_same_tree(part, lines, annotated)
        silent = Reporter(reporter.path, part.lines.line)
        if scan(part.lines, part.tree, silent) or silent.diagnostics:
            raise CompilerBug("the output still holds an annotation")


def _generated_ranges(lines: Lines, output: str, edits: Sequence[Edit]) -> list[Range]:
    """Return where the edits stand in the output, having checked that all else is the source's text, line for line."""
    ranges, at, shift = [], 0, 0
    for edit in edits:
        if output[at + shift : edit.start + shift] != lines.text[at : edit.start]:
            raise CompilerBug("text outside annotations differs")
        start = edit.start + shift
        end = start + len(edit.text)
        before, after = lines.text[max(0, edit.start - 1) : edit.start], lines.text[edit.end : edit.end + 1]
        newlines = [
            count_newlines(f"{before}{text}{after}")  # a `\r` and a `\n` that meet are one
            for text in (lines.text[edit.start : edit.end], edit.text)
        ]
        if output[start:end] != edit.text or newlines[0] != newlines[1]:
            raise CompilerBug(f"an expansion does not keep the lines of its annotation: {edit.text!r}")
        ranges.append((start, end))
        shift += len(edit.text) - (edit.end - edit.start)
        at = edit.end
    if output[at + shift :] != lines.text[at:]:
        raise CompilerBug("text outside annotations differs")
    return ranges


def _compiles(output: str, lines: Lines, edits: Sequence[Edit], reporter: Reporter, flags: int) -> bool:
    """Whether the output compiles; where the user's code is at fault, that is reported."""
    try:
        _compile(output, reporter.path, flags)
    except SyntaxError as error:
        refused = error
    else:
        return True
    try:
        _compile(lines.text, reporter.path, flags)
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


def _compile(text: str, path: str, flags: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(text, path, "exec", flags, dont_inherit=True)


def _check_same_tree(part: Part, lines: Lines, annotated: list[Range]) -> None:
    """Compare the trees of a part without annotated and generated statements, by structure and by line.

    Raises:
        CompilerBug: they differ, or generated code is no statement of the output (it fell into a comment, say).
    """
    pairs: list[tuple[object, object]] = [(part.statements, part.tree.body)]
    missing = {index for index, (start, end) in enumerate(part.generated) if part.lines.text[start:end].strip()}
    values = dict(part.values)
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
        elif isinstance(source, ast.JoinedStr) and isinstance(output, ast.JoinedStr):  # no place is right in it
            pairs.append((ast.dump(source), ast.dump(output)))
        elif part.values and isinstance(source, ast.expr) and _range(source, lines) in part.values:
            if not _stands_at(output, values.pop(_range(source, lines), None), part):
                raise CompilerBug(f"a value does not stand where it should, in line {source.lineno}")
        elif isinstance(source, ast.AST) and type(source) is type(output):
            pairs += [(getattr(source, name, None), getattr(output, name, None)) for name in source._fields]
        elif source != output:
            raise CompilerBug(f"the output's tree differs from the source's: {source!r} became {output!r}")
    for lost in [part.generated[index] for index in missing] + list(values.values()):
        raise CompilerBug(f"generated code is lost: {part.lines.text[slice(*lost)]!r}")


def _is_same_statement(source: object, output: object, part: Part, lines: Lines, annotated: list[Range]) -> bool:
    """Whether nothing was generated in a statement and its text is the same, so that its tree need not be entered."""
    if not isinstance(source, ast.stmt) or not isinstance(output, ast.stmt):
        return False
    if source.lineno != output.lineno + part.above:
        raise CompilerBug(f"a statement of line {source.lineno} came to line {output.lineno + part.above}")
    if _holds(source, lines, annotated) or _holds(output, part.lines, part.generated):
        return False
    if part.values and _holds(source, lines, part.replaced):
        return False
    if _text(source, lines) != _text(output, part.lines):
        raise CompilerBug(f"the statement of line {source.lineno} changed")
    return True


def _place_among(ranges: list[Range], node: object, lines: Lines) -> int | None:
    """Return the index of the range that a statement begins in; None where it begins in none, or is no statement."""
    if not isinstance(node, ast.stmt) or not ranges:
        return None
    start = lines.offset(*first_position(node, lines))
    at = bisect_right(ranges, (start, len(lines.text) + 1)) - 1
    return at if at >= 0 and ranges[at][0] <= start < ranges[at][1] else None


def _holds(statement: ast.stmt, lines: Lines, ranges: list[Range]) -> bool:
    """Whether one of the ranges begins inside a statement; if none does, the statement need not be entered.

    A comment at the end of a suite is part of no statement until code stands in its place.
    """
    start, end = _range(statement, lines)
    at = bisect_left(ranges, (start, 0))
    return at < len(ranges) and ranges[at][0] < end


def _range(node: ast.stmt | ast.expr, lines: Lines) -> Range:
    first = first_position(node, lines) if isinstance(node, ast.stmt) else (node.lineno, node.col_offset)
    return lines.offset(*first), lines.offset(node.end_lineno or 0, node.end_col_offset or 0)


def _stands_at(value: object, place: Range | None, part: Part) -> bool:
    """Whether a generated value is what stands at a place, but for brackets around it."""
    if not isinstance(value, ast.expr) or place is None:
        return False
    start, end = _range(value, part.lines)
    before, after = part.lines.text[place[0] : start], part.lines.text[end : place[1]]
    is_inside = place[0] <= start and end <= place[1]
    return is_inside and before == "(" * len(before) and "".join(after.split()) == ")" * len(before)


def _text(statement: ast.stmt, lines: Lines) -> str:
    start, end = _range(statement, lines)
    return lines.text[start:end]
