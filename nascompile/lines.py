"""Lines and offsets of a text, counted as Python counts them: a line ends at `\\n`, `\\r\\n` or `\\r`, nowhere else."""

from __future__ import annotations

import re
from bisect import bisect_right

from nascompile.diagnostics import Span

_NEWLINE = re.compile(r"\r\n|\n|\r")


def count_newlines(text: str) -> int:
    """Return how many line ends the text holds."""
    return len(_NEWLINE.findall(text))


class Lines:
    """A text with its line starts. Lines are counted from 1; columns from 0 (`Span` alone counts them from 1)."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = [match.end() for match in _NEWLINE.finditer(text)]
        self._starts = [0, *ends]

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, line: int) -> int:
        """Return the offset of the first character of a line; past the last line, the text's length."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self.text)

    def line(self, number: int) -> str:
        """Return a line without its newline."""
        return self.text[self.start(number) : self.start(number + 1)].rstrip("\r\n")

    def offset(self, line: int, utf8_column: int) -> int:
        """Return the offset of a place that `ast` gives: its columns count UTF-8 bytes."""
        start = self.start(line)
        head = self.text[start : start + utf8_column]
        if head.isascii():
            return start + utf8_column
        return start + len(self.text[start : self.start(line + 1)].encode()[:utf8_column].decode())

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]

    def utf8_position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset as `ast` gives them."""
        line, column = self.position(offset)
        return line, len(self.text[offset - column : offset].encode(errors="surrogatepass"))

    def span(self, start: int, end: int) -> Span:
        """Return the span of two offsets."""
        (line, column), (end_line, end_column) = self.position(start), self.position(end)
        return Span(line, column + 1, end_line, end_column + 1)

    def error_range(self, error: SyntaxError, *, in_bytes: bool = False) -> tuple[int, int]:
        """Return the offsets of what a SyntaxError is about; one of compilation has columns of bytes."""
        start = self._error_offset(error.lineno, error.offset, in_bytes)
        end = self._error_offset(error.end_lineno, error.end_offset, in_bytes)
        return start, max(end, start + 1)

    def _error_offset(self, line: int | None, column: int | None, in_bytes: bool) -> int:
        line = max(1, min(line or 1, len(self)))
        column = max(1, column or 1) - 1
        offset = self.offset(line, column) if in_bytes else self.start(line) + column
        return min(offset, self.start(line) + len(self.line(line)))
