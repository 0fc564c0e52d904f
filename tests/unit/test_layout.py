"""Generated statements take exactly the lines of their annotation, each piece on its own line where that can be."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.diagnostics import Span
from nascompile.emit.layout import lay_out
from nascompile.ir import ScopeKind, Site
from nascompile.modes.base import Piece, Statement

FIRST = 10


def _site(height: int, alone: bool) -> Site:
    span = Span(FIRST, 1, FIRST + height - 1, 2)
    return Site(0, 0, 0, span, "", alone, (), ScopeKind.MODULE, only=False)


def _call(*lines: int, name: str = "f", compound: bool = False) -> Statement:
    """Return `x = f(1, 2, …)`, an argument a line, as a statement that begins on the first of the lines."""
    head = "with scope: " if compound else ""
    first, *others = lines
    ends = [","] * (len(others) - 1) + [""]
    arguments = [Piece(f"{line}{end}", line) for line, end in zip(others, ends, strict=False)]
    return Statement((Piece(f"{head}x = {name}(", first), *arguments), ")", compound)


def test_each_piece_stands_on_its_line() -> None:
    assert lay_out([_call(10, 11, 13)], _site(5, alone=True)) == "x = f(\n    11,\n\n    13)\n"


def test_pieces_of_one_line_are_joined() -> None:
    assert lay_out([_call(10, 10, 10, 11)], _site(2, alone=True)) == "x = f(10, 10,\n    11)"


def test_a_piece_never_goes_back() -> None:
    assert lay_out([_call(10, 12, 11, 12)], _site(3, alone=True)) == "x = f(\n\n    12, 11, 12)"


def test_statements_of_one_line_are_joined_by_semicolons() -> None:
    assert lay_out([_call(10), _call(10, name="g"), _call(11)], _site(2, alone=True)) == "x = f(); x = g()\nx = f()"


def test_a_compound_statement_gets_a_line_of_its_own() -> None:
    statements = [_call(10, compound=True), _call(10, compound=True)]
    assert lay_out(statements, _site(3, alone=True)) == "with scope: x = f()\nwith scope: x = f()\n"
    assert lay_out(statements, _site(1, alone=True)) is None


def test_what_comes_later_leaves_lines_to_compound_statements() -> None:
    statements = [_call(10, 12, 12, compound=True), _call(12, compound=True)]
    assert lay_out(statements, _site(3, alone=True)) == "with scope: x = f(\n    12, 12)\nwith scope: x = f()"


def test_beside_other_statements_padding_goes_into_the_last_brackets() -> None:
    assert lay_out([_call(10, 11)], _site(4, alone=False)) == "x = f(\n    11\n\n    )"
    assert lay_out([_call(10), _call(12)], _site(4, alone=False)) == "x = f(\n\n    ); x = f(\n    )"


def test_beside_other_statements_nothing_compound_fits() -> None:
    assert lay_out([_call(10, compound=True)], _site(4, alone=False)) is None


def test_nothing_becomes_blank_lines() -> None:
    assert lay_out([], _site(3, alone=True)) == "\n\n"


_CALLS = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=5), min_size=1, max_size=4)


@pytest.mark.parametrize("alone", [True, False])
@given(calls=_CALLS, height=st.integers(1, 7))
@settings(deadline=None)
def test_small_statements_fit_any_annotation(calls: list[list[int]], height: int, alone: bool) -> None:
    statements = [_call(*(FIRST + min(line, height - 1) for line in lines)) for lines in calls]
    code = lay_out(statements, _site(height, alone))
    assert code is not None
    assert code.count("\n") == height - 1
    assert [ast.dump(one) for one in ast.parse(code).body] == [
        ast.dump(ast.parse("".join(piece.text for piece in one.pieces) + ")").body[0]) for one in statements
    ]


@given(calls=_CALLS, height=st.integers(1, 7))
@settings(deadline=None)
def test_compound_statements_fit_where_there_are_as_many_lines(calls: list[list[int]], height: int) -> None:
    statements = [_call(*(FIRST + min(line, height - 1) for line in lines), compound=True) for lines in calls]
    code = lay_out(statements, _site(height, alone=True))
    assert (code is not None) == (len(statements) <= height)
    if code is not None:
        assert code.count("\n") == height - 1
        assert len(ast.parse(code).body) == len(statements)


@given(lines=st.lists(st.integers(0, 6), min_size=1, max_size=6).map(sorted))
@settings(deadline=None)
def test_pieces_in_order_all_stand_on_their_lines(lines: list[int]) -> None:
    code = lay_out([_call(FIRST, *(FIRST + line for line in lines))], _site(7, alone=True))
    assert code is not None
    arguments = ast.parse(code).body[0].value.args  # type: ignore[attr-defined]
    assert [one.lineno - 1 for one in arguments] == lines
