"""What is wrong with the text of an annotation, at a place in that text."""

from __future__ import annotations

from dataclasses import dataclass

from nascompile.frontend.tokens import Token


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, from where to where in the text, and what to do. `unfinished` says that the text ends too soon."""

    message: str
    start: int
    end: int
    hint: str | None = None
    code: str = "NC201"
    unfinished: bool = False


def mistake_at(message: str, token: Token, hint: str | None = None) -> Mistake:
    """Return a mistake that a token makes."""
    return Mistake(message, token.start, token.end, hint)
