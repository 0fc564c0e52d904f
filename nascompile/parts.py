"""The parts of a module that edits touch, as they were and as they became: what the proof of an output looks at.

Everything else is the source's own text, so its tree need not be compared.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from nascompile.emit.rewrite import Edit
from nascompile.frontend.statements import first_position
from nascompile.lines import Lines

Range: TypeAlias = tuple[int, int]
"""Where something begins and ends, by offsets."""


@dataclass(frozen=True)
class Part:
    """Some statements of the module: as they were, and parsed from the output alone.

    `above` counts the lines above them. `generated` are the ranges of generated statements, by offsets in `lines`, and
    `values` those of generated expressions, by the ranges of the source's in whose places they stand.
    """

    statements: list[ast.stmt]
    above: int
    lines: Lines
    tree: ast.Module
    generated: list[Range]
    values: dict[Range, Range]

    @cached_property
    def replaced(self) -> list[Range]:
        """The ranges of the source in whose places values stand, in order."""
        return sorted(self.values)


def touched_parts(
    lines: Lines, tree: ast.Module, output: str, edits: Sequence[Edit], generated: list[Range]
) -> list[Part]:
    """Return the parts of the module that hold edits, cut where one of its statements begins a line.

    A text that can be parsed up to such a line, and from that line on, is one tree after the other; and outside of
    these parts the text is the source's. Where a part cannot be parsed by itself, the whole module is the part.
    """

    def part(statements: list[ast.stmt], start: int, end: int, within: range) -> Part:
        before = within.start - 1
        start_in_output = start + (generated[before][1] - edits[before].end if before >= 0 else 0)
        end_in_output = end + (generated[within.stop - 1][1] - edits[within.stop - 1].end)
        text = output[start_in_output:end_in_output]
        ranges, values = [], {}
        for index in within:
            edit, made = edits[index], generated[index]
            range_in_part = made[0] - start_in_output, made[1] - start_in_output
            if edit.is_value:
                values[edit.start, edit.end] = range_in_part
            else:
                ranges.append(range_in_part)
        return Part(statements, lines.position(start)[0] - 1, Lines(text), parse_quietly(text), ranges, values)

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


def parse_quietly(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)
