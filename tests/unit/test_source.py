"""Reading and writing of Python files, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascompile.source import SourceError, SourceText, decode, split_lines

READABLE = {
    "empty": b"",
    "utf-8": "café = '\N{SNOWMAN}'\n".encode(),
    "crlf": b"a = 1\r\nb = 2\r\n",
    "cr": b"a = 1\rb = 2",
    "mixed newlines": b"a = 1\r\nb = 2\nc = 3\r",
    "form feed and line separator": "a = 1\n\x0cb = '\u2028'\n".encode(),
    "bom": b"\xef\xbb\xbfa = 1\n",
    "bom and cookie": b"\xef\xbb\xbf# coding: utf-8\na = 1\n",
    "latin-1": b"# -*- coding: latin-1 -*-\na = '\xe9'\n",
    "latin-1 beside the cookie": b"# coding: latin-1 \xe9\na = '\xe9'\n",
    "cookie on the second line": b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\na = '\x80'\n",
    "cookie after a lone carriage return": b"#\r# coding: latin-1\ra = '\xe9'\r",
    "indented cookie": b" \t\x0c# coding=latin-1\na = '\xe9'\n",
    "cookie with its dialect of a newline": b"# coding: utf-8-unix\na = 1\n",
    "cookie too late": b"\n\n# coding: latin-1\na = 1\n",
    "cookie after code": b"a = 1\n# coding: latin-1\n",
    "wide characters": "# coding: shift_jis\na = '\u65e5'\n".encode("shift_jis"),
}

UNREADABLE = {
    "undeclared encoding": (b"a = 1\n# coding: latin-1\nb = '\xe9'\n", "0xe9 is not UTF-8", 3),
    "undecodable utf-8": (b"a = 1\r\nb = 2\rc = '\xff'\n", "0xff is not UTF-8", 3),
    "undecodable in the declared encoding": (b"# coding: ascii\n\na = '\xe9'\n", "0xe9 is not ascii", 3),
    "unknown cookie": (b"#!/bin/python\n# coding: nope\n", "unknown encoding nope", 2),
    "cookie that is no encoding of text": (b"# coding: hex\n", "unknown encoding hex", 1),
    "bom and another cookie": (
        b"\xef\xbb\xbf# coding: latin-1\n",
        "byte order mark but declares the encoding latin-1",
        1,
    ),
    "null byte": (b"a = 1\nb = '\0'\n", "null byte", 2),
}


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE)
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    assert decode(data).encode() == data


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE)
def test_text_is_what_python_reads(data: bytes) -> None:
    from_bytes: dict[str, object] = {}
    from_text: dict[str, object] = {}
    exec(compile(data, "x", "exec"), from_bytes)
    exec(compile(decode(data).text, "x", "exec"), from_text)
    assert from_text.get("a") == from_bytes.get("a")


@pytest.mark.parametrize(("data", "message", "line"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_python_cannot_read_is_an_error_with_its_line(data: bytes, message: str, line: int) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        compile(data, "x", "exec")
    with pytest.raises(SourceError, match=message) as caught:
        decode(data)
    assert caught.value.line == line


def test_text_that_its_encoding_would_write_differently_is_an_error() -> None:
    with pytest.raises(SourceError, match="cannot be written back"):
        decode(b"# coding: utf-16\nx=1")


@given(
    st.sampled_from([b"", b"\xef\xbb\xbf", b"# coding: latin-1\n", b"# coding: utf-16\n", b"# coding: iso2022_jp\r"]),
    st.binary(max_size=40),
)
def test_any_bytes_come_back_or_are_an_error(head: bytes, tail: bytes) -> None:
    try:
        text = decode(head + tail)
    except SourceError:
        return
    assert text.encode() == head + tail


def test_newlines_are_not_translated() -> None:
    assert decode(b"a\r\nb\rc\n").text == "a\r\nb\rc\n"


def test_changed_text_keeps_bom_and_encoding() -> None:
    assert decode(b"\xef\xbb\xbfa").with_text("é").encode() == b"\xef\xbb\xbf\xc3\xa9"
    assert decode(b"# coding: latin-1\n").with_text("é").encode() == b"\xe9"


def test_character_that_the_encoding_lacks_is_an_error_with_its_line() -> None:
    with pytest.raises(SourceError, match="ascii lacks the character") as caught:
        SourceText("a\r\n\N{SNOWMAN}", encoding="ascii").encode()
    assert caught.value.line == 2


def test_lines_end_at_python_s_newlines_only() -> None:
    text = "a\r\nb\rc\n\n\x0cd\x1ce\u2028f\x85g"
    assert split_lines(text) == ["a\r\n", "b\r", "c\n", "\n", "\x0cd\x1ce\u2028f\x85g"]


@given(st.text(alphabet="ab\r\n\x0c\u2028"))
def test_lines_join_to_the_text(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(lines)
