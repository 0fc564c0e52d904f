"""A notebook as bytes and as its code cells; what cannot be compiled is said in a sentence.

notebook = read_notebook(data)
notebook.cells[0].text                       # "x = 1\\ny = 2"
notebook.with_texts({0: "x = 1\\ny = 3"})     # the bytes again, with another text of the first code cell
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nascompile.diagnostics import Diagnostic, Span, clipped
from nascompile.lines import Lines
from nascompile.notebook.json_text import StringToken, find_sources
from nascompile.notebook.strings import write_strings
from nascompile.source import wide_encoding

SUFFIX = ".ipynb"
_FORMAT = 4
_SNIFFED = b'"nbformat"'
_BEFORE = codecs.BOM_UTF8 + b" \t\r\n"
_MAY_HOLD_MARK = re.compile(rb"(?:@|\\u0040)nni")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its number among all cells, from 1, its text, and the strings of the file that say it."""

    number: int
    text: str
    tokens: tuple[StringToken, ...]
    is_python: bool = True


@dataclass(frozen=True, slots=True)
class Notebook:
    """The text of a notebook, and its code cells."""

    text: str
    bom: bool
    cells: tuple[Cell, ...]

    def with_texts(self, texts: Mapping[int, str]) -> bytes:
        """Return the file with other texts of some code cells, by index; each has as many lines as before."""
        changed = [(self.cells[index], text) for index, text in sorted(texts.items())]
        body = write_strings(self.text, [(cell.tokens, text) for cell, text in changed])
        return codecs.BOM_UTF8 * self.bom + body.encode()


def is_notebook(path: str, data: bytes) -> bool:
    """Whether a file is a notebook, by its name, or, where the name does not say it, by its content."""
    return path.endswith(SUFFIX) or looks_like_notebook(data)


def looks_like_notebook(data: bytes) -> bool:
    """Whether a file has the content of a notebook."""
    return data[:200].lstrip(_BEFORE)[:1] == b"{" and _SNIFFED in data


def may_hold_mark(data: bytes) -> bool:
    """Whether a file that is no notebook that we can read looks as if it held an annotation."""
    return _MAY_HOLD_MARK.search(data) is not None or wide_encoding(data) is not None


def read_notebook(data: bytes, path: str) -> Notebook | Diagnostic:
    """Read a notebook of nbformat 4 whose cells are Python."""
    if encoding := wide_encoding(data):
        return _refused(f"the notebook is in {encoding}; notebooks are UTF-8", path, "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
        content = json.loads(text)
    except UnicodeDecodeError as error:
        return _refused(f"the notebook is not UTF-8: {error.reason} at byte {error.start}", path, "save it as UTF-8")
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        line = Lines(text).line(error.lineno)
        return Diagnostic("NC006", f"the notebook is not JSON: {error.msg}", path, span, line_text=line)
    except (RecursionError, ValueError) as error:
        return _refused(f"the notebook cannot be read: {clipped(error)}", path)
    return _wrong_form(content, path) or _read(text, content, data.startswith(codecs.BOM_UTF8), path)


def _read(text: str, content: dict[str, Any], bom: bool, path: str) -> Notebook | Diagnostic:
    cells = []
    for number, (cell, tokens) in enumerate(zip(content["cells"], find_sources(text), strict=True), 1):
        if cell.get("cell_type") != "code":
            continue
        source = "".join(token.value for token in tokens)
        try:
            source.encode()
        except UnicodeEncodeError:
            message = "a code cell holds half of a character, which is no text"
            return Diagnostic("NC006", message, path, cell=number)
        cells.append(Cell(number, source, tokens, _cell_language(cell) == "python"))
    return Notebook(text, bom, tuple(cells))


def _wrong_form(content: Any, path: str) -> Diagnostic | None:
    """Return why something that is JSON is no notebook that can be compiled."""
    if not isinstance(content, dict):
        return _refused("the file is JSON, and no notebook", path)
    version = content.get("nbformat")
    if version != _FORMAT:
        known = isinstance(version, int) and not isinstance(version, bool)
        what = f"of nbformat {version}" if known else "of no known format"
        hint = f"convert it first: `jupyter nbconvert --to notebook --nbformat {_FORMAT} {path}`"
        return _refused(f"the notebook is {what}; compiled is nbformat {_FORMAT}", path, hint)
    cells = content.get("cells")
    if not isinstance(cells, list):
        return _refused("the notebook has no list of cells", path)
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not _is_source(cell.get("source")):
            return Diagnostic("NC006", "a cell has no source that is text", path, cell=number)
    if (language := _language(content)) not in ("python", "ipython"):
        return _refused(f"the notebook's kernel runs {clipped(language)}, not Python", path)
    return None


def _is_source(source: Any) -> bool:
    lines = source if isinstance(source, list) else [source]
    return all(isinstance(line, str) for line in lines)


def _language(content: dict[str, Any]) -> str:
    """Return the language that the notebook says its cells are in; Python where it does not say."""
    metadata = _table(content, "metadata")
    said = _table(metadata, "language_info").get("name") or _table(metadata, "kernelspec").get("language")
    return said.lower() if isinstance(said, str) else "python"


def _cell_language(cell: dict[str, Any]) -> str:
    """Return the language that an editor has noted for a cell by itself."""
    said = _table(_table(cell, "metadata"), "vscode").get("languageId")
    return said if isinstance(said, str) else "python"


def _table(content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _refused(message: str, path: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic("NC006", message, path, hint=hint)
