"""How a file is written, as far as code that joins it should be written alike: quotes, indentation, width."""

from __future__ import annotations

import ast
from functools import cached_property

from nascompile.lines import Lines

TAB = 4
"""How wide a tab is taken to be."""


class Style:
    """The habits of a file, looked up when they are first asked for."""

    def __init__(self, lines: Lines, tree: ast.Module) -> None:
        self._lines = lines
        self._tree = tree

    @cached_property
    def quote(self) -> str:
        """The quote that most of its strings have, double ones where it is undecided. Triple quotes do not count."""
        counts = {"'": 0, '"': 0}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                start = self._lines.offset(node.lineno, node.col_offset)
                string = self._lines.text[start : start + 8].lstrip("rRbBuUfF")
                if string[:1] in counts and string[:3] != string[:1] * 3:
                    counts[string[0]] += 1
        return "'" if counts["'"] > counts['"'] else '"'

    @cached_property
    def width(self) -> int:
        """How wide its lines may be: as wide as the widest, and 79 columns at least."""
        return max(79, *map(len, self._lines.text.expandtabs(TAB).splitlines()))

    @cached_property
    def indent(self) -> str:
        """What a suite is indented by: that of its first outermost one, four spaces where there is none."""
        for node in ast.walk(self._tree):
            body = getattr(node, "body", None)
            if isinstance(node, ast.stmt) and isinstance(body, list) and body[0].lineno > node.lineno:
                outer = self._indentation(node.lineno)
                inner = self._indentation(body[0].lineno)
                if inner.startswith(outer) and inner != outer and "\f" not in inner:
                    return inner[len(outer) :]
        return "    "

    def _indentation(self, line: int) -> str:
        text = self._lines.line(line)
        return text[: len(text) - len(text.lstrip(" \t\f"))]
