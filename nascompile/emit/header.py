"""Where the import of the runtime goes, without taking a line.

    '''Docstring.'''; from nascompile_runtime.graph import enas as _nascompile
    from nascompile_runtime.graph import enas as _nascompile; import os              without docstring and `__future__`

It joins the last `__future__` import, the docstring, the first import or the first other simple statement of the
module, whichever of these comes first in this list and before the first expansion. A file that begins with a `def` has
none: then each expansion imports for itself.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nascompile.lines import Lines
from nascompile.modes.base import RUNTIME_PACKAGE

_COMPOUND = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.Match,
    *((ast.TryStar,) if hasattr(ast, "TryStar") else ()),
)


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to insert at an offset."""

    offset: int
    text: str


def import_statement(runtime_module: str, alias: str) -> str:
    """Return the import of a mode's runtime."""
    return f"from {RUNTIME_PACKAGE} import {runtime_module} as {alias}"


def import_expression(runtime_module: str) -> str:
    """Return an expression that is a mode's runtime, for where a name of it cannot be left."""
    return f'__import__("{RUNTIME_PACKAGE}.{runtime_module}", fromlist=["{runtime_module}"])'


def place_import(statement: str, tree: ast.Module, lines: Lines, first: int) -> Insertion | None:
    """Return where the import joins a line of the module; None where each expansion must import for itself.

    `first` is where what needs it begins, by offset.
    """
    before = [one for one in tree.body if _end(one, lines) <= first]
    after = _last_required(before)
    if after is not None:
        return Insertion(_end(after, lines), f"; {statement}")
    simple = [one for one in tree.body if not isinstance(one, _COMPOUND) and _start(one, lines) <= first]
    imports = [one for one in simple if isinstance(one, ast.Import | ast.ImportFrom)]
    host = next(iter(imports or simple), None)
    if host is None:
        return None
    return Insertion(_start(host, lines), f"{statement}; ")


def _last_required(before: list[ast.stmt]) -> ast.stmt | None:
    """Return the statement that the import must come after: the last `__future__` import, else the docstring."""
    last = None
    for index, one in enumerate(before):
        is_docstring = index == 0 and isinstance(one, ast.Expr) and _is_string(one.value)
        if is_docstring or (isinstance(one, ast.ImportFrom) and one.module == "__future__" and not one.level):
            last = one
        else:
            break
    return last


def _is_string(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _start(statement: ast.stmt, lines: Lines) -> int:
    return lines.offset(statement.lineno, statement.col_offset)


def _end(statement: ast.stmt, lines: Lines) -> int:
    return lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
