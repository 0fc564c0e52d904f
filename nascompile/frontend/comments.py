"""Finds comment annotations, each with the code before and after it.

# @nni.mutable_layer(layer_choice=[conv(),
#                                  pool()], layer_output=h)     one annotation, of two lines
# said about the layer                                          not part of it: the brackets are closed
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from nascompile.frontend.payload_text import PayloadText, Run
from nascompile.lines import Lines

_ANNOTATION = re.compile(r"#\s*(?=@nni\.)")
_CONTINUATION = re.compile(r"[ \t\f]*#(?![ \t]*@nni\.)")
_BRACKETS = re.compile(
    r"""[rRbBuUfF]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\#.*|(?P<open>[(\[{])|(?P<close>[)\]}])"""
)
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


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


def find_comments(lines: Lines) -> Iterator[Comment]:
    """Yield the comment annotations of a file that parses, in the order of the source."""
    if not _ANNOTATION.search(lines.text):
        return
    tokens = list(_tokens(lines))
    code = [token.type not in _LAYOUT for token in tokens]
    depth, skip_to = 0, 0
    before: int | None = None
    opener: str | None = None
    line_is_new = True
    for index, token in enumerate(tokens):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.type == tokenize.COMMENT and token.start[0] >= skip_to and _ANNOTATION.match(token.string):
            text, last = _read(lines, *token.start)
            skip_to = last + 1
            after = next((i for i in range(index, len(tokens)) if code[i]), None)
            yield Comment(
                text=text,
                start=lines.start(token.start[0]) + token.start[1],
                end=lines.start(last) + len(lines.line(last)),
                before=before,
                after=None if after is None else _offset(lines, tokens[after].start),
                stands_alone=not token.line[: token.start[1]].strip(),
                in_brackets=depth > 0,
                after_decorator=opener == "@",
            )
        if code[index]:
            opener = token.string if line_is_new else opener
            before = _offset(lines, token.end) if token.string != ";" else before
            line_is_new = False
        line_is_new = line_is_new or token.type == tokenize.NEWLINE


def _tokens(lines: Lines) -> Iterator[tokenize.TokenInfo]:
    """Yield Python's tokens; every line end is shown to the tokenizer as the one it knows in every version."""
    numbered = iter(f"{lines.line(number)}\n" for number in range(1, len(lines) + 1))
    return tokenize.generate_tokens(lambda: next(numbered, ""))


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


def _offset(lines: Lines, position: tuple[int, int]) -> int:
    return lines.start(position[0]) + position[1]
