"""Where annotations may stand in a file, and the file with annotations put there.

Every suite of a file is entered: above each of its statements and below its last one there is room for an annotation
on lines of its own; before and after each small statement there is room on the statement's line. Offsets count bytes.
"""

from __future__ import annotations

import ast
import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fuzz.carriers import COMMENTS, STRINGS, Written
from fuzz.promises import split

ABOVE_ASSIGNMENT = "above_assignment"
COMPOUND = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.Match),
    *(ast.With, ast.AsyncWith, ast.Try, getattr(ast, "TryStar", ast.Try)),
)


@dataclass(frozen=True)
class Place:
    """A place for an annotation: an offset, and what separates it from its neighbours.

    `indent` is set where it gets lines of its own. `scope` names the classes and functions around it.
    `is_docstring` says that a docstring stands below. `below` is the end of the assignment that stands below, and
    `target` its target.
    """

    offset: int
    scope: tuple[str, ...]
    indent: str | None
    before: str = ""
    after: str = ""
    above_docstring: bool = False
    below: int = 0
    target: str = ""

    @property
    def is_inline(self) -> bool:
        """Whether the annotation shares a line with a statement."""
        return self.indent is None


@dataclass(frozen=True)
class Inserted:
    """A file with annotations: the stretches of the annotated statements, and where and what each of them is."""

    data: bytes
    annotated: tuple[tuple[int, int], ...]
    written: tuple[Written, ...]
    places: tuple[Place, ...]


def find_places(data: bytes) -> list[Place]:
    """Return the legal places of a UTF-8 file that parses, in the order of the source."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(data)
    finder = _Finder(data, tree)
    places = [place for suite, scope, owner in _suites(tree) for place in finder.places_in(suite, scope, owner)]
    places = [place for place in places if place.offset >= finder.first_offset]
    return sorted(places, key=lambda place: (place.offset, -len(place.indent or "")))


def insert(
    data: bytes, places: Sequence[Place], kinds: Sequence[str], rng: random.Random, newline: str = "\n"
) -> Inserted:
    """Return the file with an annotation of one of the kinds at each place; where it can be none of them, none."""
    parts: list[bytes] = []
    annotated: list[tuple[int, int]] = []
    written: list[Written] = []
    used: list[Place] = []
    at = length = 0

    def add(part: bytes) -> None:
        nonlocal length
        parts.append(part)
        length += len(part)

    for number, place in enumerate(places):
        allowed = [kind for kind in kinds if _fits(kind, place)]
        if not allowed or place.offset < at:
            continue
        if place.is_inline and used and used[-1].is_inline and not data[at : place.offset].strip(b"; "):
            continue  # the statements that two neighbours become could not be told apart in the output
        kind = rng.choice(allowed)
        add(data[at : place.offset])
        at = place.offset
        indent = place.indent or ""
        one = _write(kind, place, rng, number, newline)
        if place.is_inline:
            add(place.before.encode())
        else:
            at_line_start = not length or parts[-1].endswith((b"\n", b"\r"))
            add((indent if at_line_start else newline + indent).encode())
        start = length
        add(one.text.encode())
        if kind == ABOVE_ASSIGNMENT:
            add((newline + indent).encode())
            begin = at + len(indent.encode())
            add(data[begin : place.below])
            at = place.below
        annotated.append((start, length))
        add((place.after if place.is_inline else newline if at == place.offset else "").encode())
        written.append(one)
        used.append(place)
    add(data[at:])
    return Inserted(b"".join(parts), tuple(annotated), tuple(written), tuple(used))


def _fits(kind: str, place: Place) -> bool:
    if kind in STRINGS:
        return True
    if place.is_inline or place.above_docstring:
        return False
    return kind in COMMENTS or (kind == ABOVE_ASSIGNMENT and place.below > 0)


def _write(kind: str, place: Place, rng: random.Random, number: int, newline: str) -> Written:
    if kind == ABOVE_ASSIGNMENT:
        written = COMMENTS["layer_comment"](rng, number, place.indent or "", newline)
        return Written(written.text.replace(f", layer_output=fuzz_{number}", ""), (place.target,))
    return (STRINGS | COMMENTS)[kind](rng, number, place.indent or "", newline)


def _suites(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], tuple[str, ...], ast.AST]]:
    stack: list[tuple[ast.AST, tuple[str, ...]]] = [(tree, ())]
    while stack:
        node, scope = stack.pop()
        for name in ("body", "orelse", "finalbody"):
            suite = getattr(node, name, None)
            if isinstance(suite, list) and suite and isinstance(suite[0], ast.stmt):
                yield suite, scope, node
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                stack.append((child, (*scope, child.name)))
            elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                stack.append((child, scope))


class _Finder:
    def __init__(self, data: bytes, tree: ast.Module) -> None:
        self._data = data
        self._lines = split(data)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        future = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
        self.first_offset = self._end(future[-1]) if future else 0

    def places_in(self, suite: list[ast.stmt], scope: tuple[str, ...], owner: ast.AST) -> Iterator[Place]:
        if self._is_elif(suite, owner):
            return
        indent = self._indent(suite[0])
        for index, statement in enumerate(suite):
            documents = index == 0 and isinstance(
                owner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
            )
            is_docstring = documents and isinstance(statement, ast.Expr) and _is_string(statement.value)
            if (own := self._indent(statement)) is not None:
                yield self._above(statement, scope, own, is_docstring)
            if not isinstance(statement, COMPOUND):
                start = self._starts[statement.lineno - 1] + statement.col_offset
                yield Place(start, scope, None, after="; ")
                yield Place(self._end(statement), scope, None, before="; ")
        last = suite[-1].end_lineno or 0
        if indent is not None and not self._lines[last - 1].rstrip(b"\r\n").endswith(b"\\"):
            yield Place(self._starts[last], scope, indent)

    def _above(self, statement: ast.stmt, scope: tuple[str, ...], indent: str, is_docstring: bool) -> Place:
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        if isinstance(statement, ast.AnnAssign) and statement.value:
            target = statement.target
        simple = isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
        offset = self._starts[self._first_line(statement) - 1]
        below = self._end(statement) if simple else 0
        return Place(
            offset, scope, indent, "", "", is_docstring, below, ast.unparse(target) if target and simple else ""
        )

    def _end(self, statement: ast.stmt) -> int:
        return self._starts[(statement.end_lineno or 0) - 1] + (statement.end_col_offset or 0)

    def _indent(self, statement: ast.stmt) -> str | None:
        """Return a statement's indentation; None where it does not stand first on its logical line."""
        line = self._first_line(statement)
        head = self._lines[line - 1][: statement.col_offset]
        follows = line > 1 and self._lines[line - 2].rstrip(b"\r\n").endswith(b"\\")
        return None if head.strip() or follows else head.decode()

    def _first_line(self, statement: ast.stmt) -> int:
        """Return the line of a statement, or of the `@` of its first decorator, which may stand above that."""
        decorators = getattr(statement, "decorator_list", [])
        line = decorators[0].lineno if decorators else statement.lineno
        while decorators and not self._lines[line - 1].lstrip().startswith(b"@"):
            line -= 1
        return line

    @staticmethod
    def _is_elif(suite: list[ast.stmt], owner: ast.AST) -> bool:
        return (
            isinstance(owner, ast.If)
            and suite is owner.orelse
            and isinstance(suite[0], ast.If)
            and suite[0].col_offset == owner.col_offset
        )


def _is_string(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
