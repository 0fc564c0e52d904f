r"""The text of an annotation, and for each of its characters the place it was written at.

    ("@nni.report_final_result(" 'a\x63c)')     has the text     @nni.report_final_result(acc)

whose first `c` takes four characters of the source. Raw strings, escapes, line continuations, implicit concatenation
and the `#` of comment lines are followed, so a mistake inside an annotation is shown where the user wrote it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nascompile.diagnostics import CompilerBug

_TOKEN = re.compile(
    r"(?P<prefix>[a-zA-Z]{0,2})(?P<quote>\"\"\"|'''|\"|')"
    r"|\#[^\r\n]*|\\(?:\r\n|\r|\n)|[\s()]+"
)
_BODY = {quote: re.compile(rf"(?:[^\\]|\\.)*?(?={quote})", re.DOTALL) for quote in ('"""', "'''", '"', "'")}
_NEWLINE = re.compile(r"\r\n|\r")
_ESCAPE = re.compile(
    r"\r\n|\r"
    r"|\\(?:\r\n|\r|\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\\'\"abfnrtv])"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of characters: as text, and the offset and length of the source that stands for it."""

    text: str
    source: int
    length: int


class PayloadText:
    """The text of an annotation with its places; offsets and indices count code points."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = [run for run in runs if run.text]
        self._starts: list[int] = []
        length = 0
        for run in self._runs:
            self._starts.append(length)
            length += len(run.text)
        self.text = "".join(run.text for run in self._runs)

    def start_offset(self, index: int) -> int:
        """Return the offset in the file of the character at an index; past the last one, where the text ends."""
        if index >= len(self.text):
            return self.end_offset(len(self.text))
        run, within = self._find(index)
        return run.source + within if len(run.text) == run.length else run.source

    def end_offset(self, index: int) -> int:
        """Return the offset in the file where the text before an index ends."""
        run, within = self._find(max(0, index - 1))
        return run.source + within + 1 if len(run.text) == run.length else run.source + run.length

    def _find(self, index: int) -> tuple[Run, int]:
        at = bisect_right(self._starts, index) - 1
        return self._runs[at], index - self._starts[at]


def string_text(source: str, start: int, value: str) -> PayloadText:
    """Return the text of a string statement written at an offset, whose value the Python parser has found.

    Raises:
        CompilerBug: our reading of the literal and Python's differ.
    """
    payload = PayloadText(_string_runs(source, start))
    if payload.text != value:
        raise CompilerBug(f"read {payload.text!r} where Python reads {value!r}")
    return payload


def _string_runs(source: str, start: int) -> Iterator[Run]:
    index = 0
    while index < len(source):
        token = _TOKEN.match(source, index)
        if token is None:
            raise CompilerBug(f"not a string statement: {source[index : index + 40]!r}")
        index = token.end()
        if quote := token["quote"]:
            body = _BODY[quote].match(source, index)
            if body is None:
                raise CompilerBug(f"a string without an end: {source[:40]!r}")
            special = _NEWLINE if "r" in token["prefix"].lower() else _ESCAPE
            yield from _body_runs(body[0], start + index, special)
            index = body.end() + len(quote)


def _body_runs(body: str, start: int, special: re.Pattern[str]) -> Iterator[Run]:
    """Yield what stands between two quotes; `special` finds what is not itself: newlines, and escapes unless raw."""
    index = 0
    for found in special.finditer(body):
        yield Run(body[index : found.start()], start + index, found.start() - index)
        yield Run(_decode(found[0]), start + found.start(), len(found[0]))
        index = found.end()
    yield Run(body[index:], start + index, len(body) - index)


def _decode(special: str) -> str:
    """Return what an escape or a newline stands for."""
    if special[0] == "\r":
        return "\n"
    if special[1] in "\r\n":
        return ""
    if special[1] in "01234567":  # over \377 it is deprecated, and the decoder would warn
        return chr(int(special[1:], 8))
    return special.encode().decode("unicode_escape")
