"""Keeps the user's own spelling, where that means the same as the form in which the compiler knows the code.

split_call(on_one_line("conv(size = 3,\\n  name='a')"))     ->     ("conv", "size = 3, name='a'")
"""

from __future__ import annotations

import ast
import re
import warnings

from nascompile.frontend.tokens import CLOSING, Kind, scan_tokens


def on_one_line(code: str) -> str:
    """Return code that stands on several lines as it would be written on one."""
    code = re.sub(r",?[ \t]*\n\s*(?=[)\]}])", "", code)
    code = re.sub(r"(?<=[(\[{])[ \t]*\n\s*", "", code)
    return re.sub(r"[ \t]*\n\s*", " ", code)


def split_call(call: str) -> tuple[str, str] | None:
    """Return the function and the arguments of a call; None where it does not end with its brackets."""
    opened = []
    opening = closing = None
    for token in scan_tokens(call):
        closing = None
        if token.kind is Kind.OPENING:
            opened.append(token)
        elif token.kind is Kind.CLOSING and opened:
            opening, closing = opened.pop(), token
    if opening is None or closing is None or CLOSING[opening.text] != ")":
        return None
    return call[: opening.start].rstrip(), call[opening.end : closing.start].strip().removesuffix(",").rstrip()


def means_the_same(code: str, other: str) -> bool:
    """Whether two statements are the same to Python."""
    return (tree := _tree(code)) is not None and tree == _tree(other)


def _tree(code: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # an invalid escape, say, which is better not written anew
            return ast.dump(ast.parse(code))
    except (SyntaxError, ValueError, Warning):
        return None
