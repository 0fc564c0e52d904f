"""Keeps the user's own spelling, where that means the same as the form in which the compiler knows the code.

split_call(on_one_line("conv(size = 3,\\n  name='a')"))     ->     ("conv", "size = 3, name='a'")
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

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


def filled(call: str, width: int) -> list[str]:
    """Return a call without its last bracket on lines: its opening, then as many arguments a line as are no wider.

    It stays on one where it is not understood, so that breaking it would be a risk.
    """
    split = split_call(f"{call})")
    if split is None:
        return [call]
    function, arguments = split
    lines = [f"{function}(", ""]
    for argument in _arguments(arguments):
        longer = f"{lines[-1]} {argument}".lstrip()
        if lines[-1] and len(longer) >= width:  # a bracket may follow
            lines.append(argument)
        else:
            lines[-1] = longer
    return lines if means_the_same("\n".join((*lines, ")")), f"{call})") else [call]


def _arguments(code: str) -> Iterator[str]:
    """Yield the arguments of a call, each with the comma behind it."""
    depth = begin = 0
    for token in scan_tokens(code):
        depth += (token.kind is Kind.OPENING) - (token.kind is Kind.CLOSING)
        if token.text == "," and not depth:
            yield code[begin : token.end].strip()
            begin = token.end
    yield code[begin:].strip()


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
