"""What the compiler says about a user's mistake, and how it is shown.

    trial.py:12:9: error[NC203]: unknown field `layer_ouput`
       12 |         layer_ouput: h1
          |         ^^^^^^^^^^^
       hint: did you mean `layer_output`?

A mistake of the user is a `Diagnostic` and never an exception; an inconsistency of ours is a `CompilerBug`.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

CATALOGUE = {
    # the file itself
    "NC001": "the file cannot be decoded",
    "NC002": "the file is not valid Python",
    "NC003": "code is too long or nested too deeply",
    "NC004": "the file cannot be read or written",
    "NC005": "two files of a folder have the same module name",
    "NC006": "the notebook cannot be compiled",
    "NC007": "an annotation stands in a cell that is not compiled",
    "NC008": "what only IPython runs is left out",
    "NC009": "a file is not what compiling would make of it",
    "NC010": "what became of a file",
    # where an annotation stands
    "NC101": "an annotation stands where no statement may stand",
    "NC102": "a comment annotation does not stand alone at its block's indentation",
    "NC103": "an annotation stands before a docstring or a __future__ import",
    "NC104": "an annotation is not a plain string",
    "NC105": "a compiled annotation does not go with the code around it",
    # the text of an annotation
    "NC201": "the annotation is not valid syntax",
    "NC202": "unknown annotation",
    "NC203": "unknown field or argument",
    "NC204": "a field or argument is given twice",
    "NC205": "a field or argument is missing",
    "NC206": "a field has the wrong form",
    "NC207": "too many arguments",
    # what a layer means
    "NC301": "the same candidate twice",
    "NC302": "the same optional input twice",
    "NC303": "optional_input_size is out of range",
    "NC304": "there is nothing to choose from",
    "NC305": "an output or a variable cannot be assigned",
    "NC306": "a comment annotation and its assignment disagree",
    "NC307": "an output is used before it exists",
    "NC308": "nothing defines a name",
    # what a variable or a function choice means
    "NC311": "the numbers of a sampling function make no range",
    "NC312": "the next statement is not what the annotation describes",
    "NC313": "two annotations replace the same code",
    "NC314": "a sampling function stands in another, or in a candidate",
    "NC315": "what shares one value has different choices",
    "NC316": "the statement below overwrites the output of a layer",
    "NC317": "the name of a layer is taken",
    # architectures
    "NC401": "the architecture cannot be read",
    "NC402": "the architecture does not fit the search space",
    "NC403": "mode fixed needs an architecture",
    "NC404": "which choice of an architecture is meant cannot be known",
    # a mode's own limits
    "NC501": "no place for a `with` statement",
    "NC502": "TensorFlow's name is bound to something else here",
    # the configuration
    "NC601": "the configuration cannot be used",
    "NC602": "the command line cannot be used",
    "NC603": "the run was ended",
    # what may be meant otherwise: warnings
    "NC701": "something looks like an annotation, and is none",
    "NC702": "nothing takes the next architecture",
    "NC703": "architectures are taken, and nothing reports their results",
    "NC704": "an annotation in a loop is one choice",
    "NC705": "there is nothing to search",
    "NC706": "an input is given twice",
    "NC707": "weights get no scope of their own",
    "NC708": "results are measured while paths are dropped",
    "NC709": "an evaluation begins, and none ends",
    "NC710": "the architecture holds what no file has",
    "NC711": "a number of optional inputs, and there are none",
    "NC712": "variables of one name have a value each",
    "NC713": "a model of PyTorch in a mode that builds TensorFlow",
    "NC714": "the output of a layer is overwritten",
    "NC715": "only their order tells choices apart",
    "NC716": "the architecture was made for another state of the code",
    "NC717": "the architecture calls the module otherwise",
    # TensorFlow 1
    "NC801": "code of TensorFlow 1 on TensorFlow 2",
    "NC802": "a name that TensorFlow no longer has",
}
GUTTER_WIDTH = 8  # of an excerpt: the line's number and a bar
WRONG_USAGE = frozenset({"NC403"})
"""The codes that lack an option of the command line, and are no mistake in a file."""
_TAB = " " * 4
_JOINED = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")  # Hangul vowels and finals: parts of the syllable before
_SILENCER = re.compile(r"#\s*nascompile:\s*ignore\[([\w, ]+)\]")


class CompilerBug(Exception):  # noqa: N818 (it is no error of the user's)
    """An inconsistency of nascompile itself. Nothing is written when it is raised."""


class Severity(enum.Enum):
    """How bad a diagnostic is: an error stops the output, a warning does not, and a note is nothing bad at all."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user. `line_text` is the source line `span` begins on, without its newline.

    In a notebook, lines are those of the `cell`, which is counted among all cells, from 1.
    """

    code: str
    message: str
    path: str
    span: Span | None = None
    hint: str | None = None
    line_text: str | None = None
    severity: Severity = Severity.ERROR
    cell: int | None = None

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise CompilerBug(f"diagnostic code {self.code} is not in the catalogue")

    @property
    def is_error(self) -> bool:
        """Whether this stops the output."""
        return self.severity is Severity.ERROR

    def as_error(self) -> Diagnostic:
        """Return it as an error, also if it is a warning."""
        return self if self.is_error else replace(self, severity=Severity.ERROR)


@dataclass(slots=True)
class Reporter:
    """Collects what there is to say about one file, so that all its mistakes are told at once."""

    path: str
    line_text: Callable[[int], str]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line_text = lru_cache(maxsize=16)(self.line_text)  # one text for all mistakes of a long line

    def warning(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        """Add a warning at a place of the file, unless a comment there, or on the line above, silences its code."""
        if not any(code in silenced_by(self.line_text(line)) for line in (span.line, span.line - 1) if line > 0):
            text = self.line_text(span.line)
            self.diagnostics.append(Diagnostic(code, message, self.path, span, hint, text, Severity.WARNING))

    def error(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        """Add an error at a place of the file."""
        self.diagnostics.append(Diagnostic(code, message, self.path, span, hint, self.line_text(span.line)))

    @property
    def has_errors(self) -> bool:
        """Whether anything added so far stops the output."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def silenced_by(line: str) -> Sequence[str]:
    """Return the codes of warnings that a line's `# nascompile: ignore[NC701]` silences."""
    found = _SILENCER.search(line) if "nascompile" in line else None
    return [code.strip() for code in found[1].split(",")] if found else []


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word nearest to `word`, or None where none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


def clipped(value: object, width: int = 60) -> str:
    """Return a value's text for a message, which shall stay readable whatever the user wrote."""
    text = _printable(str(value))
    return text if len(text) <= width else f"{text[: width - 1]}…"


def printable(text: str) -> str:
    """Return a name or a message with its escapes for what would disturb a terminal: `a\\x1b[31m.py`."""
    return text if text.isprintable() else "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics by file and place, those of a whole file first."""
    nowhere = Span(0, 0, 0, 0)
    return tuple(sorted(diagnostics, key=lambda d: (d.path, d.cell or 0, d.span or nowhere, d.code, d.message)))


def render_text(diagnostic: Diagnostic, width: int = 120) -> str:
    """Return the diagnostic as lines of text with a caret under the offending token (no trailing newline).

    Of a source line that takes more than `width` columns of a terminal, the part around the token is shown.
    """
    where = printable(diagnostic.path)
    if diagnostic.cell:
        where += f":cell {diagnostic.cell}"
    if diagnostic.span:
        where += f":{diagnostic.span.line}:{diagnostic.span.column}"
    lines = [f"{where}: {diagnostic.severity.value}[{diagnostic.code}]: {printable(diagnostic.message)}"]
    if diagnostic.span and diagnostic.line_text is not None:
        lines += _excerpt(diagnostic.span, diagnostic.line_text, width)
    if diagnostic.hint:
        lines.append(f"   hint: {printable(diagnostic.hint)}")
    return "\n".join(lines)


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return the diagnostic as plain data: file, code, severity, message, hint, and the place where it has one."""
    data: dict[str, Any] = {
        "file": diagnostic.path,
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
    if diagnostic.cell:
        data["cell"] = diagnostic.cell
    if span := diagnostic.span:
        data |= {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
    return data


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return all diagnostics as one JSON array, indented, without a trailing newline."""
    import json

    return json.dumps([to_json(diagnostic) for diagnostic in diagnostics], indent=2, ensure_ascii=False)


def _excerpt(span: Span, text: str, width: int) -> list[str]:
    """Return the source line and the carets below it: of a long line, what is around them."""
    start = min(span.column - 1, len(text))
    end = max(start, min(span.end_column - 1, len(text)) if span.end_line == span.line else len(text))
    cut = max(0, start - width)  # what is further away cannot be shown in any case
    near, start, end = text[cut : start + width + 1], start - cut, min(end - cut, start - cut + width)
    widths = [_width(char) for char in near]
    first, last = _window(widths, start, end, width)
    before, after = "…" * (cut + first > 0), "…" * (cut + last < len(text))
    indent = len(before) + sum(widths[first:start])
    carets = max(1, sum(widths[start : min(end, last)]))
    gutter = f"{span.line:>5} | "
    line = f"{gutter}{before}{_printable(near[first:last])}{after}".rstrip()
    return [line, " " * (len(gutter) - 2) + "| " + " " * indent + "^" * carets]


def _window(widths: list[int], start: int, end: int, width: int) -> tuple[int, int]:
    """Return the part of a line that is shown: its beginning where that holds the token, else what is around it."""
    if sum(widths) <= width:
        return 0, len(widths)
    first = 0
    if sum(widths[:end]) > width - 1:
        first, room = start, max(width // 3, width - 1 - sum(widths[start:]))
        while first > 0 and room >= widths[first - 1]:
            first -= 1
            room -= widths[first]
    last, room = first, width - (first > 0)
    while last < len(widths) and room >= widths[last]:
        room -= widths[last]
        last += 1
    while last < len(widths) and room < 1:  # for the sign that there is more
        last -= 1
        room += widths[last]
    return first, last


def _width(char: str) -> int:
    """Return how many columns of a terminal a character takes as `_printable` shows it."""
    if char == "\t":
        return len(_TAB)
    if char.isascii() or not char.isprintable():
        return 1
    if unicodedata.category(char) in ("Mn", "Me") or _JOINED.match(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _printable(text: str) -> str:
    """Return text with tabs as spaces, and with a sign for each character that would disturb a terminal."""
    return "".join(
        _TAB if char == "\t" else char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
