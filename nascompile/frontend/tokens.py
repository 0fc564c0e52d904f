"""The tokens of an annotation's text, also of one that Python refuses.

    get_next_parameter(session) 'and so on      ->      name, bracket, name, bracket, a string without an end, ...

Python's own tokenizer stops at the first mistake, counts lines of a file that nobody sees, and words its messages anew
in every version.
"""

from __future__ import annotations

import enum
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CLOSING = {"(": ")", "[": "]", "{": "}"}
STATEMENTS = {"assert", "break", "class", "continue", "def", "del", "except", "finally", "global"}
STATEMENTS |= {"import", "nonlocal", "pass", "raise", "return", "try", "while", "with"}
_CONSTANTS = ("None", "True", "False")

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\f\r\n]+|\\\r?\n|\#[^\n]*)
    |[rRbBuUfF]{0,2}(?:
        (?P<string>\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?!"")(?:\\.|[^"\\\n])*"|'(?!'')(?:\\.|[^'\\\n])*')
        |(?P<open_string>["']))
    |(?P<number>\.?\d(?:[eE][+-](?=\d)|[\w.])*)
    |(?P<name>\w+)
    |(?P<opening>[(\[{])
    |(?P<closing>[)\]}])
    |(?P<operator>(?:\*\*|//|>>|<<|[-+*/%@&|^<>=!:])=|\*\*|//|>>|<<|->|\.\.\.|[-+*/%@&|^~<>=.,:;])
    |(?P<unknown>.)""",
    re.VERBOSE | re.DOTALL,
)


class Kind(enum.Enum):
    """What a token is. An open string has no end; an unknown character is one that code cannot hold."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPEN_STRING = "open_string"
    OPENING = "opening"
    CLOSING = "closing"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the index that it begins at."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The index behind it."""
        return self.start + len(self.text)


@dataclass(slots=True)
class Group:
    """A pair of brackets: what stands between two commas, where a nested pair is shown by its opening bracket alone.

    `called` says that a name or another value stands right before it.
    """

    opening: Token
    called: bool
    entries: list[list[Token]] = field(default_factory=lambda: [[]])
    commas: list[Token] = field(default_factory=list)


def scan_tokens(code: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of some code, from an offset on; what is between two of them is blank, or a comment."""
    for match in _TOKEN.finditer(code, start):
        group = match.lastgroup or ""
        if group != "blank":
            yield Token(Kind(group), match[0], match.start())


def read_groups(tokens: Iterable[Token]) -> list[Group]:
    """Return the pairs of brackets, an outer one before its inner ones. They must match."""
    groups: list[Group] = []
    opened: list[Group] = []
    previous: Token | None = None
    for token in tokens:
        if token.kind is Kind.CLOSING:
            opened.pop()
        elif token.text == "," and opened:
            opened[-1].commas.append(token)
            opened[-1].entries.append([])
        elif opened:
            opened[-1].entries[-1].append(token)
        if token.kind is Kind.OPENING:
            group = Group(token, called=previous is not None and ends_value(previous))
            groups.append(group)
            opened.append(group)
        previous = token
    return groups


def ends_value(token: Token) -> bool:
    """Whether a value can end with a token, so that no other value can follow it."""
    if token.kind is Kind.NAME:
        return not keyword.iskeyword(token.text) or token.text in _CONSTANTS
    return token.kind in (Kind.NUMBER, Kind.STRING, Kind.CLOSING)
