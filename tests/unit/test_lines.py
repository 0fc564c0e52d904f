"""Lines end where Python says so, and places go to offsets and back."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.diagnostics import Span
from nascompile.lines import Lines, count_newlines

_TEXTS = st.text(st.sampled_from(["\n", "\r", "a", "ß", "日", "😀", "\f", "\v", "\x1c", "\x85", "\u2028"]), max_size=30)


@pytest.mark.parametrize("other", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_other_line_ends_of_unicode_end_no_line(other: str) -> None:
    lines = Lines(f"a{other}b\nc")
    assert len(lines) == 2
    assert lines.line(1) == f"a{other}b"


def test_the_three_newlines_end_a_line() -> None:
    lines = Lines("a\nb\r\nc\rd")
    assert [lines.line(number) for number in range(1, 5)] == ["a", "b", "c", "d"]
    assert [lines.start(number) for number in range(1, 6)] == [0, 2, 5, 7, 8]


def test_text_that_ends_in_a_newline_has_an_empty_last_line() -> None:
    assert len(Lines("a\n")) == 2
    assert Lines("a\n").line(2) == ""
    assert Lines("").line(1) == ""


def test_columns_of_ast_are_bytes() -> None:
    source = "größe = 'ß'; x = 1"
    lines = Lines(source)
    statement = ast.parse(source).body[1]
    assert lines.offset(statement.lineno, statement.col_offset) == source.index("x")
    assert lines.utf8_position(source.index("x")) == (1, statement.col_offset)


def test_spans_count_columns_from_one() -> None:
    assert Lines("ab\ncd").span(1, 4) == Span(1, 2, 2, 2)


@given(_TEXTS)
@settings(deadline=None)
def test_lines_are_those_of_python(text: str) -> None:
    lines = Lines(text)
    ends = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [lines.line(number) for number in range(1, len(lines) + 1)] == ends
    assert count_newlines(text) == len(lines) - 1


@given(_TEXTS, st.data())
@settings(deadline=None)
def test_places_go_there_and_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines(text)
    line, column = lines.position(offset)
    assert lines.start(line) + column == offset
    assert lines.start(line) <= offset
    assert line == len(lines) or offset < lines.start(line + 1)
    assert lines.offset(*lines.utf8_position(offset)) == offset
