"""Finds comment annotations, each with the code before and after it.

# @nni.mutable_layer(layer_choice=[conv(),
#                                  pool()], layer_output=h)     one annotation, of two lines
# said about the layer                                          not part of it: the brackets are closed
"""

from __future__ import annotations

import ast
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from nascompile.frontend.payload_text import PayloadText, Run
from nascompile.frontend.statements import Suites, first_position
from nascompile.lines import Lines

_ANNOTATION = re.compile(r"#\s*(?=@nni\.)")
_CONTINUATION = re.compile(r"[ \t\f]*#(?![ \t]*@nni\.)")
_BRACKETS = re.compile(
    r"""[rRbBuUfF]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\#.*|(?P<open>[(\[{])|(?P<close>[)\]}])"""
)
_LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment annotation: its text and place, and the offsets of the code around it.

    `before` is where the code before it ends (a `;` at the end of a line does not count), `after` where the code
    after it begins.
    """

    text: PayloadText
    start: int
    end: int
    before: int | None
    after: int | None
    stands_alone: bool
    in_brackets: bool
    after_decorator: bool


def find_comments(lines: Lines, suites: Suites) -> Iterator[Comment]:
    """Yield the comment annotations of a file that parses, in the order of the source."""
    for start, end, before in _gaps_with(_ANNOTATION, lines, suites):
        yield from _comments_between(lines, start, end, before)


def find_comment_tokens(lines: Lines, suites: Suites, pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """Yield the comments that match, each with its place."""
    for start, end, _ in _gaps_with(pattern, lines, suites):
        for token in _tokens(lines, start, end):
            if token.type == tokenize.COMMENT and pattern.match(token.text):
                yield token.text, token.start


def _gaps_with(pattern: re.Pattern[str], lines: Lines, suites: Suites) -> Iterator[tuple[int, int, ast.stmt | None]]:
    """Yield where the pattern occurs: from the beginning of which statement (None: of the file) to that of the next."""
    end = 0
    for match in pattern.finditer(lines.text):
        if match.start() >= end:
            before, after = suites.neighbours(*lines.utf8_position(match.start()))
            start = lines.offset(*first_position(before, lines)) if before else 0
            end = lines.offset(*first_position(after, lines)) if after else len(lines.text)
            yield start, end, before


def _comments_between(lines: Lines, start: int, end: int, statement: ast.stmt | None) -> Iterator[Comment]:
    """Yield the comment annotations from the beginning of a statement (None: of the file) to that of the next one."""
    tokens = list(_tokens(lines, start, end))
    code = [token.start for token in tokens if token.type != tokenize.COMMENT]
    code += [end] if end < len(lines.text) else []
    depth = behind = 0
    before: int | None = None
    for token in tokens:
        line, column = lines.position(token.start)
        if token.type == tokenize.COMMENT and token.start >= behind and _ANNOTATION.match(token.text):
            text, last = _read(lines, line, column)
            behind = lines.start(last) + len(lines.line(last))
            after = bisect_left(code, token.start)
            yield Comment(
                text=text,
                start=token.start,
                end=behind,
                before=before,
                after=code[after] if after < len(code) else None,
                stands_alone=not lines.text[token.start - column : token.start].strip(),
                in_brackets=depth > 0,
                after_decorator=statement is not None
                and first_position(statement, lines)[0] <= line < statement.lineno,
            )
        if token.type == tokenize.OP:
            depth += (token.text in "([{") - (token.text in ")]}")
        if token.type != tokenize.COMMENT and token.text != ";":
            before = token.end


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of code or a comment; `type` is the tokenizer's."""

    type: int
    text: str
    start: int
    end: int


def _tokens(lines: Lines, start: int, end: int) -> Iterator[_Token]:
    """Yield what stands between the beginnings of two statements.

    The tokenizer is shown brackets around it, so that indentation means nothing to it, and every line end as the one
    that it knows in every version.
    """
    shown = Lines(f"({lines.text[start:end]}\n)")
    numbered = iter(f"{shown.line(number)}\n" for number in range(1, len(shown) + 1))
    for token in tokenize.generate_tokens(lambda: next(numbered, "")):
        first, last = (shown.start(line) + column for line, column in (token.start, token.end))
        if token.type not in _LAYOUT and 0 < first < len(shown.text) - 1:
            yield _Token(token.type, token.string, start + first - 1, start + last - 1)


def _read(lines: Lines, line: int, column: int) -> tuple[PayloadText, int]:
    """Return the text of the annotation that begins here, and its last line: it goes on until its brackets close."""
    runs: list[Run] = []
    depth, last = 0, line
    content, start = lines.line(line), column + 1
    while True:
        if runs:
            runs.append(Run("\n", lines.start(last) - 1, 1))
        elif blank := len(content[start:]) - len(content[start:].lstrip()):
            start += blank
        runs.append(Run(content[start:], lines.start(last) + start, len(content) - start))
        depth += _depth(content[start:])
        if depth <= 0 or last == len(lines):
            break
        following = _CONTINUATION.match(lines.line(last + 1))
        if following is None:
            break
        last += 1
        content, start = lines.line(last), following.end()
    return PayloadText(runs), last


def _depth(text: str) -> int:
    """Return by how many brackets a line opens more than it closes; strings and comments in it do not count."""
    found = list(_BRACKETS.finditer(text))
    return sum(match["open"] is not None for match in found) - sum(match["close"] is not None for match in found)
