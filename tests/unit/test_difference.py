"""The difference that compiling makes, as a patch."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascompile.difference import unified_diff

LINES = st.sampled_from([b"a\n", b"b\r\n", b"c\r", b"+d\n", b"-e\n", b"\n", b"\xe9\n"])


def reference(before: list[bytes], after: list[bytes]) -> bytes:
    """What the standard library says, with its header made ours."""
    lines = difflib.diff_bytes(difflib.unified_diff, before, after, b"x", b"x", b"source", b"enas", lineterm=b"\n")
    return b"".join(
        line if line.endswith((b"\n", b"\r")) else line + b"\n\\ No newline at end of file\n" for line in lines
    )


@given(st.lists(st.tuples(LINES, st.booleans()), max_size=40), st.booleans())
def test_hunks_are_those_of_diff(lines: list[tuple[bytes, bool]], ends: bool) -> None:
    before = [b"%d %s" % (number, line) for number, (line, _) in enumerate(lines)]  # no two lines are the same
    after = [b"changed " + line if change else line for line, (_, change) in zip(before, lines, strict=True)]
    if not ends and before:
        before, after = ([*text[:-1], text[-1].rstrip(b"\r\n")] for text in (before, after))
    assert unified_diff(b"".join(before), b"".join(after), "x", "enas") == reference(before, after)


def test_nothing_changed_is_no_difference() -> None:
    assert unified_diff(b"a\nb", b"a\nb", "x", "enas") == b""


@pytest.mark.parametrize("name", ["caf\udce9.py", "a b.py"])
def test_name_of_any_bytes_stands_in_it(name: str) -> None:
    assert name.encode(errors="surrogateescape") in unified_diff(b"a\n", b"b\n", name, "enas")


def test_readable_difference_says_nothing_to_a_terminal() -> None:
    source = "\ta = '\x1b[2J\u202e\x07 é'\r\n".encode() + b"b\xe9\n"
    shown = unified_diff(source, b"a\nb\n", "n\x1b[2J\udce9.py", "enas", readable=True)
    assert shown.splitlines() == [
        b"--- n\\x1b[2J\\xe9.py\tsource",
        b"+++ n\\x1b[2J\\xe9.py\tenas",
        b"@@ -1,2 +1,2 @@",
        "-\ta = '\\x1b[2J\\u202e\\x07 é'".encode(),
        b"-b\\xe9",
        b"+a",
        b"+b",
    ]


def test_colours_are_those_of_the_lines() -> None:
    shown = unified_diff(b"a\n-- x\nb\n", b"a\n++ x\nb\n", "t.py", "enas", coloured=True).splitlines()
    assert shown == [
        b"\x1b[1m--- t.py\tsource\x1b[0m",
        b"\x1b[1m+++ t.py\tenas\x1b[0m",
        b"\x1b[36m@@ -1,3 +1,3 @@\x1b[0m",
        b" a",
        b"\x1b[31m--- x\x1b[0m",
        b"\x1b[32m+++ x\x1b[0m",
        b" b",
    ]
