"""The code cells of a notebook as one module, and what is said and made of it, cell by cell again.

    if 0: 0          stands before each cell and behind the last, so that nothing of one goes on in the next
    x = 1            the first cell
    if 0: 0
    if 0: 0          `%matplotlib inline` in the second
    y = x
    if 0: 0

An annotation may so use the names of earlier cells, and the import of the runtime goes where it goes in a module.
`from __future__` may begin any cell; like magics it is kept out of the module, and in the cell.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nascompile.diagnostics import CompilerBug, Diagnostic, Severity, Span
from nascompile.frontend.read import parse_text
from nascompile.lines import Lines
from nascompile.notebook.magics import NOTHING, Hidden, find_hidden, without
from nascompile.notebook.reading import Cell, Notebook
from nascompile.source import split_lines

MARK = "@nni"
_BETWEEN = f"{NOTHING}\n"


@dataclass(frozen=True, slots=True)
class _Part:
    """A cell in the module: its text there, what it hides, and the module's line that it begins on, from 1."""

    cell: Cell
    text: str
    hidden: tuple[Hidden, ...]
    first_line: int

    @property
    def length(self) -> int:
        """How many lines it has in the module."""
        return len(split_lines(self.text))


@dataclass(frozen=True, slots=True)
class CellModule:
    """The module of a notebook's code cells."""

    notebook: Notebook
    path: str
    parts: tuple[_Part, ...]

    @property
    def data(self) -> bytes:
        """The module as a file."""
        return (_BETWEEN + "".join(f"{_ended(part.text)}{_BETWEEN}" for part in self.parts)).encode()

    def mistakes(self) -> Iterator[Diagnostic]:
        """Yield why cells are not Python, each by itself."""
        for part in self.parts:
            if isinstance(wrong := parse_text(part.text, self.path), Diagnostic):
                yield replace(wrong, cell=part.cell.number)

    def uncompiled(self) -> Iterator[Diagnostic]:
        """Yield a warning for each annotation that stands in what only IPython understands."""
        for part in self.parts:
            lines = Lines(part.cell.text)
            for hidden in part.hidden:
                for number in range(hidden.line, hidden.line + hidden.count):
                    if (column := lines.line(number).find(MARK)) >= 0:
                        yield _not_compiled(self.path, part.cell, number, column, lines.line(number))

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return what is said of the module as it is said of the notebook."""
        if diagnostic.span is None or diagnostic.cell or not self.parts:
            return diagnostic
        at = bisect_right([part.first_line for part in self.parts], diagnostic.span.line) - 1
        part = self.parts[max(at, 0)]
        return replace(diagnostic, span=_in_cell(diagnostic.span, part), cell=part.cell.number)

    def texts_of(self, output: bytes) -> dict[int, str]:
        """Return the texts of the cells that differ in a compiled module, by index, with what they hide.

        Raises:
            CompilerBug: the module is not what it was around the cells, or where they hide something.
        """
        lines = split_lines(output.decode())
        texts = {}
        at = 0
        for index, part in enumerate(self.parts):
            _check_between(lines[at])
            at += 1
            texts[index] = self._text_of(part, lines[at : at + part.length])
            at += part.length
        if len(lines) != at + 1:
            raise CompilerBug(f"a module of {at + 1} lines became one of {len(lines)}")
        _check_between(lines[at])
        return {index: text for index, text in texts.items() if text != self.parts[index].cell.text}

    def _text_of(self, part: _Part, lines: list[str]) -> str:
        looked_at, written = split_lines(_ended(part.text)), split_lines(part.cell.text)
        for hidden in part.hidden:
            where = slice(hidden.line - 1, hidden.line - 1 + hidden.count)
            if lines[where] != looked_at[where]:
                raise CompilerBug(f"something came into the place of {hidden.text!r}")
            lines[where] = written[where]
        text = "".join(lines)
        return text if part.cell.text.endswith(("\n", "\r")) else text.removesuffix("\n")


def module_of(notebook: Notebook, path: str) -> CellModule:
    """Return the module of a notebook's code cells."""
    parts = []
    line = 2
    for cell in notebook.cells:
        hidden = _whole(cell) if not cell.is_python else find_hidden(cell.text)
        text = without(cell.text, hidden)
        if head := _future_head(cell.text, text):
            hidden = [head, *(part for part in hidden if part.line > head.count)]
            text = without(cell.text, hidden)
        parts.append(_Part(cell, text, tuple(hidden), line))
        line += parts[-1].length + 1
    return CellModule(notebook, path, tuple(parts))


def _whole(cell: Cell) -> list[Hidden]:
    """Return a cell of another language as hidden."""
    count = len(split_lines(cell.text))
    return [Hidden(1, count, cell.text)] if count else []


def _future_head(written: str, text: str) -> Hidden | None:
    """Return the beginning of a cell up to its last `from __future__ import`, which nothing may stand before."""
    if "__future__" not in text or isinstance(tree := parse_text(text, ""), Diagnostic):
        return None
    futures = [
        statement
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__" and not statement.level
    ]
    if not futures:
        return None
    count = futures[-1].end_lineno or 0
    return Hidden(1, count, "".join(split_lines(written)[:count]))


def _in_cell(span: Span, part: _Part) -> Span:
    """Return a place of the module in a cell; what is said of the line behind the cell is said of its last one."""
    last = max(part.length, 1)
    line, end_line = (min(number - part.first_line + 1, last) for number in (span.line, span.end_line))
    return Span(max(line, 1), span.column, max(end_line, 1), span.end_column)


def _not_compiled(path: str, cell: Cell, number: int, column: int, text: str) -> Diagnostic:
    message = "an annotation stands in what only IPython understands, and is not compiled"
    hint = "move it into a cell, or a line, of Python alone"
    span = Span(number, column + 1, number, column + 1 + len(MARK))
    return Diagnostic("NC007", message, path, span, hint, text, Severity.WARNING, cell.number)


def _check_between(line: str) -> None:
    if line != _BETWEEN:
        raise CompilerBug(f"something came between two cells: {line!r}")


def _ended(text: str) -> str:
    return text if text.endswith(("\n", "\r")) or not text else f"{text}\n"
