"""How a diagnostic is shown: the carets under the token, whatever the line holds and however wide the terminal is."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import libcst as cst
import pytest

from nascompile.api import compile_source
from nascompile.diagnostics import CompilerBug, Diagnostic, Severity, Span, clipped, in_order, render_json, render_text


def _shown(text: str, column: int, end_column: int, width: int = 120, end_line: int = 7) -> tuple[str, str]:
    """Return the excerpt's two lines without their gutters."""
    span = Span(7, column, end_line, end_column)
    rendered = render_text(Diagnostic("NC203", "wrong", "trial.py", span, None, text), width)
    head, line, carets = rendered.split("\n")
    assert head == f"trial.py:7:{column}: error[NC203]: wrong"
    assert (line[:8], carets[:8]) == ("    7 | ", "      | ")
    return line[8:], carets[8:]


def _columns(text: str) -> int:
    """Return how many columns a terminal gives to some text, a composed syllable for the Hangul letters of it."""
    composed = unicodedata.normalize("NFC", text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in composed
    )


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("h = conv(x)", "conv"),
        ("\th\t=\tconv(x)", "conv"),
        ("h = '卷积层', conv(x)", "conv"),
        ("h = '卷积层', 卷积(x)", "卷积"),
        ("h = 'e\u0301e\u0301', conv(x)", "conv"),
        ("h = '😀', conv(x)", "conv"),
        (unicodedata.normalize("NFD", "h = '한글', conv(x)"), "conv"),
        (unicodedata.normalize("NFD", "h = 한글(x)"), unicodedata.normalize("NFD", "한글")),
        ("h = '\x1b[31m\x00\u202e\u2028', conv(x)", "conv"),
        ("conv", "conv"),
    ],
)
def test_carets_stand_under_the_token(text: str, token: str) -> None:
    start = text.index(token)
    line, carets = _shown(text, start + 1, start + 1 + len(token))
    assert line.isprintable()
    before, _, _ = line.partition(token)
    assert carets == " " * _columns(before) + "^" * _columns(token)


def test_carets_are_as_wide_as_the_token_is_shown() -> None:
    token = "f('\t\x07', '日本', 'e\u0301')"
    line, carets = _shown(f"h\t= {token} + 1", 5, 5 + len(token))
    assert line == "h    = f('    \N{REPLACEMENT CHARACTER}', '日本', 'e\u0301') + 1"
    assert carets == "       " + "^" * len("f('....?', 'xxxx', 'e')")


def test_place_behind_the_end_of_a_line_has_a_caret() -> None:
    assert _shown("h = (", 6, 7) == ("h = (", "     ^")


def test_token_of_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert _shown("h = conv(", 5, 3, end_line=9) == ("h = conv(", "    ^^^^^")


@pytest.mark.parametrize("width", [16, 40, 80, 120])
@pytest.mark.parametrize("before", [0, 10, 39, 100, 5_000])
@pytest.mark.parametrize("behind", [0, 10, 100, 5_000])
@pytest.mark.parametrize("char", ["x", "层"])
def test_long_line_is_cut_around_the_token(width: int, before: int, behind: int, char: str) -> None:
    text = char * before + "conv" + char * behind
    line, carets = _shown(text, before + 1, before + 5, width)
    assert _columns(line) <= width
    assert _columns(carets) <= width
    start = line.index("conv")
    assert carets == " " * _columns(line[:start]) + "^^^^"
    assert line.startswith("…") == (len(line[:start].lstrip("…")) < before)
    assert line.endswith("…") == (len(line[start + 4 :].rstrip("…")) < behind)
    assert _columns(text) > width or line == text


def test_token_longer_than_the_line_is_underlined_as_far_as_it_is_shown() -> None:
    line, carets = _shown("h = " + "x" * 500, 5, 505, 80)
    assert line.endswith("x…")
    assert carets.strip() == "^" * line.count("x")
    assert len(carets) < 80


def test_hint_and_severity_are_shown() -> None:
    warning = Diagnostic("NC004", "is a link", "a/b.py", hint="copy it", severity=Severity.WARNING)
    assert render_text(warning) == "a/b.py: warning[NC004]: is a link\n   hint: copy it"


def test_names_say_nothing_to_a_terminal_and_are_whole_in_json() -> None:
    name = "n\x1b[31m\u202e\n\udce9.py"
    diagnostic = Diagnostic("NC601", f"unknown key `{name}`", name, hint=f"not `{name}`")
    shown = r"n\x1b[31m\u202e\n\udce9.py"
    assert render_text(diagnostic) == f"{shown}: error[NC601]: unknown key `{shown}`\n   hint: not `{shown}`"
    (said,) = json.loads(render_json([diagnostic]))
    assert (said["file"], said["message"]) == (name, f"unknown key `{name}`")


def test_json_says_all_of_it() -> None:
    span = Span(2, 3, 4, 5)
    said = json.loads(
        render_json([Diagnostic("NC203", "größer", "a.py", span, "so"), Diagnostic("NC001", "x", "b.py")])
    )
    place = {"line": 2, "column": 3, "end_line": 4, "end_column": 5}
    first = {"file": "a.py", "code": "NC203", "severity": "error", "message": "größer", "hint": "so", **place}
    assert said == [first, {"file": "b.py", "code": "NC001", "severity": "error", "message": "x", "hint": None}]


def test_order_is_that_of_the_files_and_their_lines() -> None:
    def at(path: str, *place: int) -> Diagnostic:
        return Diagnostic("NC203", "x", path, Span(*place, place[0], place[1] + 1) if place else None)

    order = [at("a.py"), at("a.py", 2, 9), at("a.py", 10, 1), at("b.py"), at("b.py", 1, 1)]
    assert list(in_order(reversed(order))) == order


def test_code_outside_of_the_catalogue_is_a_bug() -> None:
    with pytest.raises(CompilerBug, match="NC999"):
        Diagnostic("NC999", "x", "a.py")


def test_what_a_user_wrote_is_short_and_printable_in_a_message() -> None:
    assert clipped("conv(size=3)") == "conv(size=3)"
    assert clipped("x" * 100) == "x" * 59 + "…"
    assert clipped("a\x1b\nb").isprintable()


def test_syntax_that_the_parser_library_does_not_know_is_a_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse_module(code: str) -> Any:
        raise cst.ParserSyntaxError("new", lines=[code], raw_line=1, raw_column=0)

    monkeypatch.setattr(cst, "parse_module", parse_module)
    (diagnostic,) = compile_source(b"'@nni.get_next_parameter()'\n").diagnostics
    assert (diagnostic.code, diagnostic.span) == ("NC201", Span(1, 7, 1, 25))
