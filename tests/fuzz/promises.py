"""What the compiler promises of every output, checked by other means than its own.

The caller knows which stretches of the source are annotated statements, because it put them there. Lines of source and
output are laid side by side, and what stands outside of those stretches must be the same bytes; what stands inside is
generated. Then both trees are compared without the annotated and the generated statements. Offsets and columns count
bytes throughout, as `ast` does, so sources must be UTF-8 without a byte order mark.

`tests/promises.py` checks the same of any file, but must find its annotations first. The two share no code: a mistake
in how annotations are found would hide what happens to them, and here it cannot.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

IMPORT = re.compile(rb"from nascompile_runtime\.graph import (classic|enas|oneshot|darts) as (_nascompile(?:_\d+)?)")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)?")
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Import, ast.ImportFrom, ast.Return, ast.Pass)


class BrokenPromise(AssertionError):  # noqa: N818 (it is what happened)
    """The output is not what the compiler promises."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a text by lines, from 1, and columns, from 0; the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, node: ast.stmt) -> bool:
        """Whether a statement begins here."""
        start = (node.lineno, node.col_offset)
        return (self.line, self.column) <= start < (self.end_line, self.end_column)


@dataclass(frozen=True)
class Checked:
    """An output that keeps the promises: the generated statements of each annotation, and the runtime's name."""

    generated: tuple[tuple[ast.stmt, ...], ...]
    alias: str | None


def check_promises(source: bytes, output: bytes, annotated: Sequence[tuple[int, int]], mode: str) -> Checked:
    """Compare an output with its source, whose stretches `annotated`, in order, hold annotations.

    Raises:
        BrokenPromise: of the promises 1 to 3.
    """
    places = [_stretch(source, start, end) for start, end in annotated]
    made, alias = _align(split(source), split(output), places, mode)
    before, after = _parse(source), _parse(output)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(output, "output.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            raise BrokenPromise(f"the output does not compile: {error}") from error
    kept_before = [*_without(before, places)]
    kept_after = [*_without(after, made, alias)]
    _same(kept_before, kept_after)
    generated = _beginning_in(after, made)
    if alias:
        _check_alias(after, generated, alias)
    return Checked(tuple(tuple(statements) for statements in generated), alias)


def split(data: bytes) -> list[bytes]:
    """Return the lines of a file, each with its end, split where Python splits them."""
    return [line for line in _LINE.findall(data) if line]


def _stretch(data: bytes, start: int, end: int) -> Stretch:
    head, body = split(data[:start] + b"|"), split(data[:end] + b"|")
    return Stretch(len(head), len(head[-1]) - 1, len(body), len(body[-1]) - 1)


def _parse(data: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data)


def _align(
    source: list[bytes], output: list[bytes], places: list[Stretch], mode: str
) -> tuple[list[Stretch], str | None]:
    """Return where in the output the expansion of each annotation stands, and the runtime's name if it is imported."""
    if len(source) != len(output) and places[-1].end_line != len(source):
        raise BrokenPromise(f"{len(source)} lines became {len(output)}")
    starts: dict[int, tuple[int, int]] = {}
    ends: dict[int, tuple[int, int]] = {}
    imported: str | None = None
    for number, line in enumerate(source, 1):
        here = [(index, place) for index, place in enumerate(places) if place.line <= number <= place.end_line]
        other = output[number - 1] if number <= len(output) else b""
        columns = _match_line(line, other, number, here)
        if columns is None and mode != "fixed" and imported is None and (found := _import_in(other)):
            start, end = found
            columns = _match_line(line, other[:start] + other[end:], number, here)
            if columns is not None:
                imported = re.sub(rb".* as (\w+).*", rb"\1", other[start:end]).decode()
                columns = [(a + (end - start) * (a >= start), b + (end - start) * (b >= start)) for a, b in columns]
        if columns is None:
            raise BrokenPromise(f"line {number} differs outside of annotations: {line!r} became {other!r}")
        for (index, place), (first, last) in zip(here, columns, strict=True):
            if place.line == number:
                starts[index] = (number, first)
            if place.end_line == number:
                ends[index] = (number, last)
    return [Stretch(*starts[index], *ends[index]) for index in range(len(places))], imported


def _match_line(
    line: bytes, other: bytes, number: int, here: list[tuple[int, Stretch]]
) -> list[tuple[int, int]] | None:
    """Return the columns that the expansions take of an output line; None where the rest of the line differs."""
    if not here:
        return [] if line == other else None
    pattern, at = b"", 0
    for _, place in here:
        begin = place.column if place.line == number else 0
        end = place.end_column if place.end_line == number else len(line)
        fixed = line[at:begin]
        removable = place.line == number and at == 0 and not fixed.strip()
        pattern += (b"(?:%s)?" if removable else b"%s") % re.escape(fixed)
        pattern += rb"([^\r\n]*?)" if place.end_line == number else rb"([^\r\n]*(?:\r\n|\n|\r))"
        at = end
    match = re.fullmatch(pattern + re.escape(line[at:]), other)
    if match is None or any(made.strip() and made.endswith(b" ") for made in match.groups()):
        return None
    return [match.span(index + 1) for index in range(len(here))]


def _import_in(line: bytes) -> tuple[int, int] | None:
    """Return the columns of the import and the `;` that joins it to its neighbour."""
    for pattern in (rb"; " + IMPORT.pattern, IMPORT.pattern + rb"; "):
        if match := re.search(pattern, line):
            return match.span()
    return None


def _without(
    tree: ast.AST, stretches: list[Stretch], alias: str | None = None
) -> Iterator[tuple[int, str, object, int]]:
    """Yield every node of a tree, with its depth and line, but for the statements that begin in the stretches."""
    stack: list[tuple[int, str, object]] = [(0, "", tree)]
    while stack:
        depth, name, node = stack.pop()
        if isinstance(node, ast.stmt):
            if _is_among(node, stretches) or (alias and depth == 1 and _is_import_of(node, alias)):
                continue
            yield depth, name, type(node), node.lineno
            if isinstance(node, _SIMPLE):
                yield depth, "end", None, node.end_lineno or 0
        elif isinstance(node, ast.AST):
            yield depth, name, type(node), getattr(node, "lineno", 0)
        elif not isinstance(node, list):
            yield depth, name, node, 0
        if isinstance(node, ast.AST):
            stack.extend((depth + 1, field, getattr(node, field, None)) for field in reversed(node._fields))
        elif isinstance(node, list):
            stack.extend((depth, name, one) for one in reversed(node))


def _same(before: list[tuple[int, str, object, int]], after: list[tuple[int, str, object, int]]) -> None:
    for one, other in zip(before, after, strict=False):
        if one != other:
            raise BrokenPromise(f"the tree differs: {one} became {other}")
    if len(before) != len(after):
        raise BrokenPromise(f"the tree differs in size: {len(before)} nodes became {len(after)}")


def _is_among(node: ast.stmt, stretches: list[Stretch]) -> bool:
    low, high = 0, len(stretches)
    while low < high:
        middle = (low + high) // 2
        if (stretches[middle].line, stretches[middle].column) <= (node.lineno, node.col_offset):
            low = middle + 1
        else:
            high = middle
    return any(stretch.holds(node) for stretch in stretches[max(0, low - 2) : low])


def _is_import_of(node: ast.stmt, alias: str) -> bool:
    return (
        isinstance(node, ast.ImportFrom) and node.module == "nascompile_runtime.graph" and node.names[0].asname == alias
    )


def _beginning_in(tree: ast.Module, stretches: list[Stretch]) -> list[list[ast.stmt]]:
    """Return the outermost statements that begin in each stretch."""
    found: list[list[ast.stmt]] = [[] for _ in stretches]
    by_line: dict[int, list[int]] = {}
    for index, stretch in enumerate(stretches):
        for line in range(stretch.line, stretch.end_line + 1):
            by_line.setdefault(line, []).append(index)
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            holders = [index for index in by_line.get(node.lineno, ()) if stretches[index].holds(node)]
            if holders:
                found[holders[0]].append(node)
                continue
        if isinstance(node, ast.stmt | ast.Module | ast.ExceptHandler | ast.match_case):
            stack.extend(one for one in reversed([*ast.iter_child_nodes(node)]) if not isinstance(one, ast.expr))
    return found


def _check_alias(tree: ast.Module, generated: list[list[ast.stmt]], alias: str) -> None:
    """Check that the one import comes before its uses, and that nothing but generated code says its name."""
    line = next(one.lineno for one in tree.body if _is_import_of(one, alias))
    uses = sum(isinstance(node, ast.Name) and node.id == alias for node in ast.walk(tree))
    ours = [node for block in generated for one in block for node in ast.walk(one) if isinstance(node, ast.Name)]
    ours = [node for node in ours if node.id == alias]
    if uses != len(ours):
        raise BrokenPromise(f"the user's code says {alias}")
    if ours and min(node.lineno for node in ours) < line:
        raise BrokenPromise(f"{alias} is used above its import")
