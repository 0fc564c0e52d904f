"""Writes other texts in the place of some strings of a JSON file, and leaves every other character as it is.

A cell's source is a list of strings, most often one a line. A new text has as many lines, so each of them goes into the
string that its line had been in; strings whose lines did not change stay, with the escapes that they are written with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from nascompile.diagnostics import CompilerBug
from nascompile.notebook.json_text import StringToken
from nascompile.source import split_lines


def write_strings(text: str, changes: Iterable[tuple[Sequence[StringToken], str]]) -> str:
    """Return a JSON text with new texts in the place of what groups of its strings say together."""
    parts, at = [], 0
    for tokens, changed in changes:
        for token, value in _changed_strings(tokens, changed):
            parts += [text[at : token.start], json.dumps(value, ensure_ascii=text.isascii())]
            at = token.end
    return "".join((*parts, text[at:]))


def _changed_strings(tokens: Sequence[StringToken], changed: str) -> Iterator[tuple[StringToken, str]]:
    """Yield the strings that change, and what they say then. Of strings that share lines, the first says them all."""
    before, after = split_lines("".join(token.value for token in tokens)), split_lines(changed)
    if len(before) != len(after):
        raise CompilerBug(f"a cell of {len(before)} lines became one of {len(after)}")
    first = 0
    for group, stop in _groups(tokens, before):
        if before[first:stop] != after[first:stop]:
            values = ["".join(after[first:stop]), *[""] * (len(group) - 1)]
            yield from zip(group, values, strict=True)
        first = stop


def _groups(tokens: Sequence[StringToken], lines: Sequence[str]) -> Iterator[tuple[list[StringToken], int]]:
    """Yield the fewest strings that say whole lines, and how many lines these and those before them say."""
    group: list[StringToken] = []
    said = ended = line = 0
    for token in tokens:
        group.append(token)
        said += len(token.value)
        while line < len(lines) and ended + len(lines[line]) <= said:
            ended += len(lines[line])
            line += 1
        if ended == said:
            yield group, line
            group = []
