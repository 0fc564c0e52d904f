"""Every character of an annotation's text points at the place it was written at."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.diagnostics import CompilerBug
from nascompile.frontend.comments import find_comments
from nascompile.frontend.payload_text import PayloadText, Run, string_text
from nascompile.frontend.statements import Suites
from nascompile.lines import Lines

QUOTES = ('"""', "'''", '"', "'")


def _text_of(source: str, start: int = 0) -> PayloadText:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return string_text(source, start, ast.literal_eval(f"({source}\n)"))


def _written(source: str) -> list[str]:
    """Return what was written for each character of a string statement's text."""
    text = _text_of(source)
    return [source[text.start_offset(index) : text.end_offset(index + 1)] for index in range(len(text.text))]


def test_plain_characters_are_written_as_themselves() -> None:
    assert _written('"""@nni.x(ä)"""') == list("@nni.x(ä)")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (r"'a\x63c'", ["a", r"\x63", "c"]),
        (r"'\141\1419'", [r"\141", r"\141", "9"]),
        (r"'\u00e9\U0001F600\N{DIGIT ONE}'", [r"\u00e9", r"\U0001F600", r"\N{DIGIT ONE}"]),
        (r"'\\n\'\"\t'", [r"\\", "n", r"\'", r"\"", r"\t"]),
        (r"'\d\q'", ["\\", "d", "\\", "q"]),
        (r"r'\x63'", ["\\", "x", "6", "3"]),
        (r"R'\''", ["\\", "'"]),
        ("'''a\r\nb\rc\nd'''", ["a", "\r\n", "b", "\r", "c", "\n", "d"]),
        ("r'''a\r\nb'''", ["a", "\r\n", "b"]),
        ("'a\\\r\nb\\\nc\\\rd'", ["a", "b", "c", "d"]),
        ("'a' \"b\"\n  u'c'", ["a", "b", "c"]),
        ("('a'  # 'no' (text)\n 'b')", ["a", "b"]),
        ("'a' \\\n 'b'", ["a", "b"]),
        ("((('a' 'b')))", ["a", "b"]),
        ("'' 'a' ''", ["a"]),
        ('"""a"b""c"""', ["a", '"', "b", '"', '"', "c"]),
    ],
)
def test_what_is_no_plain_character_points_at_all_of_it(source: str, written: list[str]) -> None:
    assert _written(source) == written


def test_offsets_count_from_the_start_of_the_file() -> None:
    text = _text_of(r"'a\x62c'", start=100)
    assert [text.start_offset(index) for index in range(3)] == [101, 102, 106]
    assert [text.end_offset(index) for index in range(1, 4)] == [102, 106, 107]


def test_past_the_end_is_the_end() -> None:
    text = _text_of("'ab'")
    assert text.start_offset(2) == text.start_offset(99) == text.end_offset(2) == 3


def test_a_reading_that_is_not_pythons_is_a_bug() -> None:
    with pytest.raises(CompilerBug):
        string_text("'a'", 0, "b")
    with pytest.raises(CompilerBug):
        string_text("name", 0, "name")


def test_runs_without_text_do_not_matter() -> None:
    text = PayloadText([Run("", 0, 0), Run("ab", 5, 2), Run("", 7, 3), Run("c", 10, 4)])
    assert text.text == "abc"
    assert [text.start_offset(index) for index in range(3)] == [5, 6, 10]
    assert [text.end_offset(index) for index in range(1, 4)] == [6, 7, 14]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_comment_lines_are_one_text_without_their_number_signs(newline: str) -> None:
    lines = ["x = 1", "#   @nni.f(", "  #  a,", "  # b)", "# c"]
    source = newline.join(lines)
    (comment,) = find_comments(lines := Lines(source), Suites(ast.parse(source), lines))
    assert comment.text.text == "@nni.f(\n  a,\n b)"
    for word in ("@nni.f(", "a,", "b)"):
        at = comment.text.text.index(word)
        start = comment.text.start_offset(at)
        assert source[start : comment.text.end_offset(at + len(word))] == word


@dataclass(frozen=True)
class Atom:
    """A piece of a literal: how it is written, and the characters it stands for."""

    source: str
    value: str


_PLAIN = st.characters(exclude_characters="\\'\"\n\r\0{}", exclude_categories=["Cs"])
_ATOMS = {
    "plain": _PLAIN.map(lambda char: Atom(char, char)),
    "escape": st.one_of(
        _PLAIN.map(lambda char: Atom(f"\\U{ord(char):08x}", char)),
        st.integers(0, 255).map(lambda code: Atom(f"\\x{code:02X}", chr(code))),
        st.integers(0, 255).map(lambda code: Atom(f"\\{code:03o}", chr(code))),
        st.sampled_from([Atom("\\n", "\n"), Atom("\\\\", "\\"), Atom("\\'", "'"), Atom('\\"', '"'), Atom("\\a", "\a")]),
        st.sampled_from([Atom("\\\n", ""), Atom("\\\r\n", ""), Atom("\\\r", "")]),
    ),
    "raw": st.sampled_from([Atom("\\d", "\\d"), Atom("\\\\", "\\\\"), Atom("\\'", "\\'"), Atom("\\x", "\\x")]),
    "newline": st.sampled_from([Atom("\n", "\n"), Atom("\r\n", "\n"), Atom("\r", "\n")]),
}


@st.composite
def _literals(draw: st.DrawFn) -> list[Atom]:
    """Return the atoms of one literal, its quotes among them."""
    quote = draw(st.sampled_from(QUOTES))
    prefix = draw(st.sampled_from(["", "r", "R", "u", "U"]))
    kinds = ["plain", "raw" if prefix.lower() == "r" else "escape"]
    kinds += ["newline"] if len(quote) == 3 else []
    atoms = draw(st.lists(st.one_of([_ATOMS[kind] for kind in kinds]), max_size=8))
    return [Atom(prefix + quote, ""), *_separated(atoms), Atom(quote, "")]


def _separated(atoms: list[Atom]) -> list[Atom]:
    """Return the atoms so that none runs into the next: an octal into a digit, a `\\r` into a `\\n`."""
    parts = []
    for atom in atoms:
        parts += [atom, Atom("-", "-")] if atom.source[-1:] in "\r01234567" else [atom]
    return parts


_BETWEEN = st.sampled_from([" ", "\n", " # a 'comment'\n", "\t\\\n", "\r\n"]).map(lambda text: Atom(text, ""))


@given(st.lists(st.tuples(_literals(), _BETWEEN), min_size=1, max_size=4))
@settings(deadline=None)
def test_every_character_points_at_its_place(parts: list[tuple[list[Atom], Atom]]) -> None:
    atoms = [Atom("(", "")]
    for literal, between in parts:
        atoms += [*literal, between]
    atoms.append(Atom(")", ""))
    source = "".join(atom.source for atom in atoms)
    text = string_text(source, 7, ast.literal_eval(source))
    index, offset = 0, 7
    for atom in atoms:
        for shift in range(len(atom.value)):
            itself = len(atom.value) == len(atom.source)
            start = offset + shift if itself else offset
            assert text.start_offset(index) == start
            assert text.end_offset(index + 1) == (start + 1 if itself else offset + len(atom.source))
            index += 1
        offset += len(atom.source)
    assert index == len(text.text)
