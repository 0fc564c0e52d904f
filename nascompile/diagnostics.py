"""What the compiler says about a user's mistake, and how it is shown.

    trial.py:12:9: error[NC203]: unknown field `layer_ouput`
       12 |         layer_ouput: h1
          |         ^^^^^^^^^^^
       hint: did you mean `layer_output`?

A mistake of the user is a `Diagnostic` and never an exception; an inconsistency of ours is a `CompilerBug`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

CATALOGUE = {
    # the file itself
    "NC001": "the file cannot be decoded",
    "NC002": "the file is not valid Python",
    "NC003": "the file is nested too deeply",
    "NC004": "the file cannot be read or written",
    # where an annotation stands
    "NC101": "an annotation stands where no statement may stand",
    "NC102": "a comment annotation does not stand alone at its block's indentation",
    "NC103": "an annotation stands before a docstring or a __future__ import",
    "NC104": "an annotation is not a plain string",
    # the text of an annotation
    "NC201": "the annotation is not valid syntax",
    "NC202": "unknown annotation",
    "NC203": "unknown field or argument",
    "NC204": "a field or argument is given twice",
    "NC205": "a field or argument is missing",
    "NC206": "a field has the wrong form",
    "NC207": "too many arguments",
    "NC208": "not supported yet",
    # what a layer means
    "NC301": "the same candidate twice",
    "NC302": "the same optional input twice",
    "NC303": "optional_input_size is out of range",
    "NC304": "a layer has no candidate",
    "NC305": "a layer output cannot be assigned",
    "NC306": "a comment annotation and its assignment disagree",
    # architectures
    "NC401": "the architecture cannot be read",
    "NC402": "the architecture does not fit the search space",
    "NC403": "mode fixed needs an architecture",
    # a mode's own limits
    "NC501": "no place for a `with` statement",
    "NC502": "TensorFlow's name is bound to something else here",
}


class CompilerBug(Exception):  # noqa: N818 (it is no error of the user's)
    """An inconsistency of nascompile itself. Nothing is written when it is raised."""


class Severity(enum.Enum):
    """How bad a diagnostic is: an error stops the output, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user. `line_text` is the source line `span` begins on, without its newline."""

    code: str
    message: str
    path: str
    span: Span | None = None
    hint: str | None = None
    line_text: str | None = None
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise CompilerBug(f"diagnostic code {self.code} is not in the catalogue")

    @property
    def is_error(self) -> bool:
        """Whether this stops the output."""
        return self.severity is Severity.ERROR


@dataclass(slots=True)
class Reporter:
    """Collects what there is to say about one file, so that all its mistakes are told at once."""

    path: str
    line_text: Callable[[int], str]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def error(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        """Add an error at a place of the file."""
        self.diagnostics.append(Diagnostic(code, message, self.path, span, hint, self.line_text(span.line)))

    @property
    def has_errors(self) -> bool:
        """Whether anything added so far stops the output."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word nearest to `word`, or None where none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics by file and place, those of a whole file first."""
    nowhere = Span(0, 0, 0, 0)
    return tuple(sorted(diagnostics, key=lambda d: (d.path, d.span or nowhere, d.code, d.message)))


def render_text(diagnostic: Diagnostic) -> str:
    """Return the diagnostic as lines of text with a caret under the offending token (no trailing newline)."""
    where = diagnostic.path
    if diagnostic.span:
        where += f":{diagnostic.span.line}:{diagnostic.span.column}"
    lines = [f"{where}: {diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}"]
    if diagnostic.span and diagnostic.line_text is not None:
        lines += _excerpt(diagnostic.span, diagnostic.line_text)
    if diagnostic.hint:
        lines.append(f"   hint: {diagnostic.hint}")
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
    if span := diagnostic.span:
        data |= {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
    return data


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return all diagnostics as one JSON array, indented, without a trailing newline."""
    import json

    return json.dumps([to_json(diagnostic) for diagnostic in diagnostics], indent=2, ensure_ascii=False)


def _excerpt(span: Span, text: str) -> list[str]:
    """Return the source line and the carets below it; a tab stays a tab, so that the caret stands under its token."""
    end = span.end_column if span.end_line == span.line else len(text) + 1
    width = max(1, min(end, len(text) + 1) - span.column)
    indent = "".join("\t" if char == "\t" else " " for char in text[: span.column - 1])
    gutter = f"{span.line:>5} | "
    return [gutter + _printable(text), " " * (len(gutter) - 2) + "| " + indent + "^" * width]


def _printable(text: str) -> str:
    """Return the line with control characters that would disturb a terminal replaced."""
    return "".join(char if char == "\t" or char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
