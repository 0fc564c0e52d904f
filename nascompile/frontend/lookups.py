"""The names that an expression looks up in the scopes around it.

conv(x, [a for a in xs], key=lambda k: k + b)      ->      conv, x, xs, b
"""

from __future__ import annotations

import ast


def free_names(node: ast.expr) -> list[ast.Name]:
    """Return the names that an expression looks up; one that it binds anywhere in itself is left out."""
    nodes = list(ast.walk(node))
    bound = {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    bound |= {one.arg for one in nodes if isinstance(one, ast.arg)}
    return [one for one in nodes if isinstance(one, ast.Name) and one.id not in bound]
