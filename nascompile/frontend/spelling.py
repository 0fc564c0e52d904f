"""Spells an expression in the one form that keys and generated code use: one line, canonical spaces and quotes.

    conv( size = 3,name="a" )      ->      conv(size=3, name='a')

It is that of `ast.unparse`, but where versions of Python differ in it: a key shall not change with the Python that
compiles, and generated code shall run with all of them.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

_NOTHING = "\0"  # stands in no code; as an escape it is written otherwise
_VARYING = (ast.JoinedStr, ast.Lambda, ast.comprehension, ast.Starred)
_QUOTES = ("'", '"', "'''", '"""')
_ESCAPED = re.compile(r"\\(.)|\"")


def normalised(node: ast.expr) -> str:
    """Return an expression's code in its one form."""
    if not any(isinstance(one, _VARYING) for one in ast.walk(node)):
        return ast.unparse(node)
    written = ast.unparse(_Settled().visit(copy.deepcopy(node)))
    return written.replace(f"lambda {_NOTHING}:", "lambda:")


class _Settled(ast.NodeTransformer):
    """Replaces what is written in several ways by a name that is its text: a name is written as it is."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Python 3.12 takes quotes that older ones cannot read."""
        return ast.Name(_formatted_string(node), ast.Load())

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Python 3.10 writes `lambda : x`."""
        self.generic_visit(node)
        if not any((node.args.posonlyargs, node.args.args, node.args.vararg, node.args.kwonlyargs, node.args.kwarg)):
            node.args.args = [ast.arg(_NOTHING)]
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """Python 3.10 writes `for (a, b) in x`."""
        self.generic_visit(node)
        if isinstance(node.target, ast.Tuple) and node.target.elts:
            node.target = ast.Name(ast.unparse(node.target)[1:-1], ast.Store())
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Python 3.11 writes `x[*y]` for `x[(*y,)]`, which older ones cannot read."""
        self.generic_visit(node)
        if isinstance(node.slice, ast.Tuple) and any(isinstance(one, ast.Starred) for one in node.slice.elts):
            comma = "," * (len(node.slice.elts) == 1)
            node.slice = ast.Name(f"({', '.join(map(ast.unparse, node.slice.elts))}{comma})", ast.Load())
        return node


def _formatted_string(node: ast.JoinedStr) -> str:
    """Return an f-string in quotes that its expressions do not hold, or, where none are left, what means the same."""
    pieces = list(_pieces(node))
    codes = [_expression(piece) for piece in pieces if isinstance(piece, ast.expr)]
    free = [quote for quote in _QUOTES if not any(quote in code or "\\" in code for code in codes)]
    if not free:
        text = "".join(_escaped(piece, "'") for piece in pieces if isinstance(piece, str))
        return f"'{text}'.format({', '.join(code.lstrip() for code in codes)})"
    texts = [piece for piece in pieces if isinstance(piece, str)]
    quote = next((quote for quote in free if len(quote) == 1 and not any(quote in text for text in texts)), free[0])
    body = "".join(_escaped(piece, quote) if isinstance(piece, str) else _expression(piece) for piece in pieces)
    return f"f{quote}{body}{quote}"


def _pieces(node: ast.JoinedStr) -> Iterator[str | ast.expr]:
    """Yield the texts and the expressions of an f-string, in order."""
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            yield "{"
            yield value.value
            yield "" if value.conversion < 0 else f"!{chr(value.conversion)}"
            if isinstance(value.format_spec, ast.JoinedStr):
                yield ":"
                yield from _pieces(value.format_spec)
            yield "}"
        elif isinstance(value, ast.Constant):
            yield str(value.value).replace("{", "{{").replace("}", "}}")


def _expression(node: ast.expr) -> str:
    """Return an expression as it stands between the braces of an f-string."""
    code = normalised(node)
    return f"({code})" if isinstance(node, ast.Lambda | ast.IfExp) else f" {code}" if code.startswith("{") else code


def _escaped(text: str, quote: str) -> str:
    """Return a text as it stands between quotes of a kind."""

    def settle(found: re.Match[str]) -> str:
        char = found[1] or found[0]
        return found[0] if char not in "'\"" else f"\\{char}" if char == quote[0] else char

    return _ESCAPED.sub(settle, repr(f'"{text}')[2:-1])  # of the two quotes, the single one is escaped here
