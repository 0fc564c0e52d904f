"""Finds the sources of a notebook's cells in its JSON text, each string with its place.

    {"cells": [{"cell_type": "code", "source": ["x = 1\\n", "y = 2"]}]}
                                                ^^^^^^^^^  ^^^^^^^        the strings of one cell

What is changed is then these strings alone: indentation, order and escapes of the file stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class StringToken:
    """A string of the text, by offsets, quotes included, and what it says."""

    start: int
    end: int
    value: str


def find_sources(text: str) -> list[tuple[StringToken, ...]]:
    """Return the strings that make the source of each cell, in the order of the cells. The text must be a notebook."""
    sources: list[tuple[StringToken, ...]] = []
    cursor = _Cursor(text)
    for key in cursor.members():
        if key != "cells":
            cursor.skip()
            continue
        sources = [_source(cursor) for _ in cursor.elements()]  # of two `cells` the last counts, as in `json`
    return sources


def _source(cursor: _Cursor) -> tuple[StringToken, ...]:
    strings: tuple[StringToken, ...] = ()
    for key in cursor.members():
        if key != "source":
            cursor.skip()
        elif cursor.is_at("["):
            strings = tuple(cursor.string() for _ in cursor.elements())
        else:
            strings = (cursor.string(),)
    return strings


class _Cursor:
    """Walks over JSON that is known to be right. Who is given a member or an element consumes its value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._skip_blank()

    def is_at(self, char: str) -> bool:
        return self._text.startswith(char, self._at)

    def members(self) -> Iterator[str]:
        for _ in self.elements("}"):
            key = self.string().value
            self._step()  # over the colon
            yield key

    def elements(self, closing: str = "]") -> Iterator[None]:
        self._step()
        while not self.is_at(closing):
            yield
            if self.is_at(","):
                self._step()
        self._step()

    def string(self) -> StringToken:
        start = self._at
        value, end = _DECODER.raw_decode(self._text, start)
        self._at = end
        self._skip_blank()
        return StringToken(start, end, value)

    def skip(self) -> None:
        self._at = _DECODER.raw_decode(self._text, self._at)[1]
        self._skip_blank()

    def _step(self) -> None:
        self._at += 1
        self._skip_blank()

    def _skip_blank(self) -> None:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
