"""The names that a scope binds: by assignment, import, definition, loop, pattern, and what else there is.

def f(x, *y):
    import a.b
    for c, d[0] in y: ...          ->      x, y, a, c

Inner functions and classes bind their own name only. Assignment expressions are not looked for.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def bound_in(scope: Scope, is_left_out: Callable[[ast.stmt], bool]) -> set[str]:
    """Return the names that a scope binds, without what the statements bind that are left out."""
    names = {"__class__"} if isinstance(scope, ast.ClassDef) else set()
    names |= {one.name for one in getattr(scope, "type_params", [])}
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        names |= {one.arg for one in ast.walk(scope.args) if isinstance(one, ast.arg)}
    stack: list[ast.AST] = [*scope.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt) and is_left_out(node):
            continue
        names.update(_bound_by(node))
        if not isinstance(node, DEFINITIONS):
            stack += [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.expr)]
    return names


def _bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement, a handler or a pattern binds by itself."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names
    elif isinstance(node, (*DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        yield from [node.name] if node.name else []
    elif isinstance(node, ast.MatchMapping):
        yield from [node.rest] if node.rest else []
    for target in _targets(node):
        yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def _targets(node: ast.AST) -> Sequence[ast.expr]:
    """Return what a statement assigns to or deletes; the indices in it do no harm."""
    if isinstance(node, ast.Assign | ast.Delete):
        return node.targets
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor):
        return [node.target]
    if isinstance(node, ast.withitem):
        return [node.optional_vars] if node.optional_vars else []
    alias = getattr(node, "name", None)  # of a `type` statement, since Python 3.12
    return [alias] if isinstance(alias, ast.Name) else []
