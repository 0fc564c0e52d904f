"""Limits of what is given to LibCST, and finding what lies beyond them.

Code that is nested deeply enough exhausts the stack of LibCST's parser, which ends the process without a word; programs
that recur over a tree of it fail, too. A megabyte of code takes it a minute, in one piece or in many, and gigabytes of
memory.
"""

from __future__ import annotations

import ast

from nascompile.frontend.tokens import Kind, Token, scan_tokens

LENGTH_LIMIT = 100_000
FILE_LIMIT = 300_000  # of all annotations of a file: about 2,500 layers, 6 to 20 s
ANNOTATION_LIMIT = 60
STATEMENT_LIMIT = 400
NUMBER_LIMIT = 1_000


def find_deep_token(code: str, limit: int) -> Token | None:
    """Return the first bracket inside more brackets than the limit, or string behind more adjacent strings than it."""
    depth = strings = 0
    for token in scan_tokens(code):
        strings = strings + 1 if token.kind is Kind.STRING else 0
        depth += (token.kind is Kind.OPENING) - (token.kind is Kind.CLOSING)
        if max(depth, strings) > limit:
            return token
    return None


def find_long_number(code: str) -> Token | None:
    """Return the first number of more characters than Python would write down again (a hexadecimal one it reads)."""
    numbers = (token for token in scan_tokens(code) if token.kind is Kind.NUMBER)
    return next((token for token in numbers if len(token.text) > NUMBER_LIMIT), None)


def find_deep_node(tree: ast.AST, limit: int) -> ast.expr | None:
    """Return an expression that is nested deeper than the limit (`a and b and …` is, for LibCST alone)."""
    nodes = [(tree, 0)]
    while nodes:
        node, depth = nodes.pop()
        if depth > limit and isinstance(node, ast.expr):
            return node
        for index, child in enumerate(ast.iter_child_nodes(node)):
            nodes.append((child, depth + 1 + (index if isinstance(node, ast.BoolOp) else 0)))
    return None
