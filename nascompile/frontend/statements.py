"""The suites of a module, with the scopes around them and where their statements begin and end.

A suite is a list of statements that share an indentation: a body, an `else`, a handler, a `case`. Expressions
and statements without annotations are never entered, which makes this walk far faster than `ast.walk`.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from nascompile.ir import ScopeKind
from nascompile.lines import Lines

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """A suite, the names of the classes and functions around it, outermost first, and whether a loop in them is."""

    statements: list[ast.stmt]
    scope: tuple[str, ...]
    scope_kind: ScopeKind
    owner: ast.AST
    in_loop: bool = False

    @property
    def is_module(self) -> bool:
        """Whether this is the module itself, the one suite that may be empty."""
        return isinstance(self.owner, ast.Module)

    def indent(self, lines: Lines) -> str:
        """Return the indentation of its statements (of one on a header's line, the header)."""
        if not self.statements:
            return ""
        line, column = first_position(self.statements[0], lines)
        return indentation(lines.text[lines.start(line) : lines.offset(line, column)])

    def is_docstring(self, statement: ast.stmt) -> bool:
        """Whether a statement is the docstring of the module, class or function that this is the body of."""
        owner = self.owner
        if not isinstance(owner, (ast.Module, ast.ClassDef, *_FUNCTIONS)) or statement is not owner.body[0]:
            return False
        docstring = ast.get_docstring(owner, clean=False)
        return docstring is not None and not docstring.startswith("@nni.")


class Suites:
    """The suites of a module that say `@nni`, or another mark, an outer one before its inner ones, in order."""

    def __init__(self, tree: ast.Module, lines: Lines, mark: str = "@nni") -> None:
        self.module = Suite(tree.body, (), ScopeKind.MODULE, tree)
        self._lines = lines
        self._marked = [lines.position(match.start())[0] for match in re.finditer(mark, lines.text)]

    def __iter__(self) -> Iterator[Suite]:
        stack = [self.module]
        while stack:
            suite = stack.pop()
            yield suite
            marked = [statement for statement in suite.statements if self.is_marked(statement)]
            stack.extend(reversed([child for statement in marked for child in _children(statement, suite)]))

    def is_marked(self, statement: ast.stmt) -> bool:
        """Whether the mark stands on one of the statement's lines."""
        index = bisect_left(self._marked, statement.lineno)
        return index < len(self._marked) and self._marked[index] <= (statement.end_lineno or 0)

    def starting_at(self, line: int, column: int) -> tuple[Suite, ast.stmt] | None:
        """Return the statement that begins here, at its first decorator if it has one, and its suite."""
        for suite, statement in self._path(line, column)[0]:
            if first_position(statement, self._lines) == (line, column) and not _is_elif(statement, suite):
                return suite, statement
        return None

    def ending_at(self, line: int, column: int) -> list[Suite]:
        """Return the suites with a statement that ends here, innermost first, each the last one of the next."""
        path = [(suite, one) for suite, one in self._path(line, column)[0] if not _is_elif(one, suite)]
        return [suite for suite, one in reversed(path) if self._ends_at(one, self._lines.offset(line, column))]

    def _ends_at(self, statement: ast.stmt, offset: int) -> bool:
        """Whether a statement ends at an offset; a compound one also holds the `;` behind its last statement."""
        end = self._lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
        return end >= offset and not self._lines.text[offset:end].strip("; \t\f")

    def neighbours(self, line: int, column: int) -> tuple[ast.stmt | None, ast.stmt | None]:
        """Return the last statement that begins up to a place, and the first one that begins behind it."""
        path, following = self._path(line, column)
        return (path[-1][1] if path else None), following

    def path_to(self, line: int, column: int) -> list[ast.stmt]:
        """Return the statements that begin up to a place, outermost first: those around it, and the last before it."""
        return [statement for _, statement in self._path(line, column)[0]]

    def _path(self, line: int, column: int) -> tuple[list[tuple[Suite, ast.stmt]], ast.stmt | None]:
        """Return the statements that begin up to a place, in each suite on the way there the last one, and the next."""

        def position(statement: ast.stmt) -> tuple[int, int]:
            return first_position(statement, self._lines)

        path: list[tuple[Suite, ast.stmt]] = []
        following: ast.stmt | None = None
        suites = [self.module]
        while suites:
            begun = [suite for suite in suites if suite.statements and position(suite.statements[0]) <= (line, column)]
            following = next((suite.statements[0] for suite in suites[len(begun) :] if suite.statements), following)
            if not begun:
                break
            statements = begun[-1].statements
            index = bisect_right(statements, (line, column), key=position)
            following = statements[index] if index < len(statements) else following
            path.append((begun[-1], statements[index - 1]))
            suites = list(_children(statements[index - 1], begun[-1]))
        return path, following


def indentation(text: str) -> str:
    """Return what counts of the text that stands before a statement on its line: a form feed starts anew."""
    return text.rpartition("\f")[2]


def first_position(statement: ast.stmt, lines: Lines) -> tuple[int, int]:
    """Return the line and the UTF-8 column a statement begins at, at the `@` of its first decorator if it has one."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    if not decorators:
        return statement.lineno, statement.col_offset
    line = decorators[0].lineno
    while line > 1 and not lines.line(line).lstrip().startswith("@"):
        line -= 1  # the decorator is in brackets, and begins below them
    return line, len(lines.line(line)) - len(lines.line(line).lstrip())


def _is_elif(statement: ast.stmt, suite: Suite) -> bool:
    """Whether an `if` is the `elif` of the one around it: then it begins in the same column as the outer one."""
    owner = suite.owner
    return (
        isinstance(statement, ast.If)
        and isinstance(owner, ast.If)
        and suite.statements is owner.orelse
        and statement.col_offset == owner.col_offset
    )


def _children(statement: ast.stmt, suite: Suite) -> Iterator[Suite]:
    scope, kind, in_loop = suite.scope, suite.scope_kind, suite.in_loop
    if isinstance(statement, _FUNCTIONS):
        is_async = isinstance(statement, ast.AsyncFunctionDef)
        scope, kind = (*scope, statement.name), ScopeKind.ASYNC_FUNCTION if is_async else ScopeKind.FUNCTION
        in_loop = False
    elif isinstance(statement, ast.ClassDef):
        scope, kind = (*scope, statement.name), ScopeKind.CLASS
    for statements in suites_of(statement):
        if statements:
            repeats = isinstance(statement, ast.For | ast.AsyncFor | ast.While) and statements is statement.body
            yield Suite(statements, scope, kind, statement, in_loop or repeats)


def suites_of(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the suites of a compound statement; some are empty."""
    if isinstance(statement, ast.Match):
        yield from (case.body for case in statement.cases)
        return
    yield getattr(statement, "body", [])
    yield from (handler.body for handler in getattr(statement, "handlers", []))
    yield getattr(statement, "orelse", [])
    yield getattr(statement, "finalbody", [])
