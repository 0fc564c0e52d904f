"""Says what keeps the text of an annotation from being one call, in words that fit an annotation.

    mutable_layer(layer_choice=[conv() pool()])        a comma is missing before `pool`
    mutable_layers({layer_choice = [conv()]})          the fields of a dict are written with `:`
    get_next_parameter() and so on                     an annotation ends with its call

It is only asked about text that Python refuses or that is no call, so it may guess from the tokens. Without a guess
there is Python's own message.
"""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
import warnings
from dataclasses import replace
from itertools import pairwise

from nascompile.diagnostics import clipped
from nascompile.frontend.entries import explain_entries
from nascompile.frontend.mistake import Mistake, mistake_at
from nascompile.frontend.tokens import CLOSING, STATEMENTS, Kind, Token, read_groups, scan_tokens
from nascompile.lines import Lines

_PLAIN = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-", "\u2212": "-"}
_NEVER_IN_CODE = re.compile("[\0\ud800-\udfff]")
_PLACE = re.compile(r" \(detected at line \d+\)| on line \d+|\(unicode error\) '.*' codec can't decode .*: ")


def explain_mistake(code: str) -> Mistake | None:
    """Return what is wrong with a text that is no call, or None where this finds nothing to say."""
    if match := _NEVER_IN_CODE.search(code):
        return _explain_unknown(Token(Kind.UNKNOWN, match[0], match.start()))
    tokens = list(scan_tokens(code))
    return _explain_shape(code, tokens) or _explain_tokens(tokens) or explain_entries(read_groups(tokens))


def python_mistake(error: SyntaxError, code: str, *, in_bytes: bool = False) -> Mistake:
    """Return Python's own words for a mistake, without the lines that it counts in the annotation alone."""
    start, end = Lines(code).error_range(error, in_bytes=in_bytes)
    start = min(start, len(code.rstrip()) - 1)
    return Mistake(f"invalid Python: {_PLACE.sub('', error.msg)}", start, max(end, start + 1))


def _explain_shape(code: str, tokens: list[Token]) -> Mistake | None:
    """Find what is wrong with the call's brackets, or stands behind them, or cannot be read at all."""
    name = "".join(token.text for token in tokens[:3])
    if len(tokens) < 4:
        return Mistake("the brackets of the call are missing", 0, tokens[-1].end, f"write `@{name}(…)`")
    if tokens[3].text != "(":
        return _explain_missing_call(name, code, tokens[3])
    if "\n" in code[tokens[2].end : tokens[3].start]:
        return mistake_at("the `(` of the call must stand on the line of its name", tokens[3], f"write `@{name}(…)`")
    opened: list[Token] = []
    for index, token in enumerate(tokens[3:], 3):
        if index > 3 and not opened:
            return _explain_rest(code, token, tokens[index + 1 :])
        if token.kind is Kind.OPEN_STRING:
            return _explain_open_string(code, token, tokens[:index])
        if token.kind is Kind.UNKNOWN:
            return _explain_unknown(token)
        if token.kind is Kind.OPENING:
            opened.append(token)
        elif token.kind is Kind.CLOSING and CLOSING[opened.pop().text] != token.text:
            return _explain_mismatch(token, tokens[3:index])
    if opened:
        mistake = _never_closed(opened[-1], f"add a `{CLOSING[opened[-1].text]}`")
        return replace(mistake, unfinished=True)
    return None


def _explain_missing_call(name: str, code: str, token: Token) -> Mistake:
    if token.kind is Kind.OPENING:
        return mistake_at("the arguments must stand in round brackets", token, f"write `@{name}(…)`")
    return Mistake(f"only `(…)` can follow `@{name}`", token.start, _line_end(code, token), f"write `@{name}(…)`")


def _explain_rest(code: str, token: Token, following: list[Token]) -> Mistake | None:
    """Explain what stands behind the call: another one, a bracket too many, or simply text."""
    if token.kind is Kind.CLOSING:
        return mistake_at(f"`{token.text}` closes nothing", token, "remove it")
    if token.text == ";" and not following:
        return None
    message, hint = "an annotation ends with its call", "remove what stands behind it"
    if [one.text for one in (token, *following)][:2] in (["@", "nni"], ["nni", "."]) or token.text == ";":
        hint = "write a second annotation as a string or comment of its own"
    elif token.text == ",":
        hint = "is one of its brackets closed too early?"
    return Mistake(message, token.start, _line_end(code, token), hint)


def _explain_open_string(code: str, quote: Token, before: list[Token]) -> Mistake:
    """Explain a quote too many on a line: an earlier string that runs into a name was meant to end sooner."""
    line = code.rfind("\n", 0, quote.start)
    for one in before:
        if one.kind is Kind.STRING and one.start > line and code[one.end : one.end + 1].isidentifier():
            return Mistake("this string is not closed", one.start, one.start + 1, f"add a `{one.text[-1]}`")
    return mistake_at("this string is never closed", quote, f"add a `{quote.text[-1]}`")


def _explain_unknown(token: Token) -> Mistake:
    char = token.text
    plain = _PLAIN.get(char, unicodedata.normalize("NFKC", char))
    shown = f"`{char}`" if char.isprintable() else f"U+{ord(char):04X}"
    if _NEVER_IN_CODE.match(char):
        hint = "write its escape, in a raw string"
    elif char == "\\":
        hint = "remove it; between brackets a line goes on by itself"
    else:
        hint = f"write `{plain}`" if plain != char and plain.isascii() else "remove it, or put it in quotes"
    return mistake_at(f"code cannot hold the character {shown}", token, hint)


def _explain_mismatch(token: Token, before: list[Token]) -> Mistake:
    """Explain a closing bracket that does not fit: it is too many, or an inner one was forgotten."""
    opened: list[Token] = []
    for one in before:
        if one.kind is Kind.OPENING:
            opened.append(one)
        elif one.kind is Kind.CLOSING:
            opened.pop()
    if any(CLOSING[one.text] == token.text for one in opened):
        return _never_closed(opened[-1], f"add a `{CLOSING[opened[-1].text]}` before the `{token.text}` that follows")
    return mistake_at(
        f"`{token.text}` closes nothing", token, f"remove it; the open bracket here is `{opened[-1].text}`"
    )


def _never_closed(token: Token, hint: str) -> Mistake:
    return mistake_at(f"`{token.text}` is never closed", token, hint)


def _explain_tokens(tokens: list[Token]) -> Mistake | None:
    """Find strings, numbers and words that cannot be."""
    for token, following in pairwise(tokens[3:]):
        if token.kind is Kind.NUMBER and _refusal(token.text):
            return mistake_at(f"`{clipped(token.text)}` is not a number", token)
        if token.kind is Kind.STRING and (refusal := _refusal(token.text)):
            return mistake_at(f"this string cannot be read: {_PLACE.sub('', refusal)}", token)
        if token.kind is Kind.NAME and keyword.iskeyword(token.text):
            if following.text == "=":
                return mistake_at(f"`{token.text}` is a word of Python's and cannot name an argument", token)
            if token.text in STATEMENTS:
                return mistake_at(f"`{token.text}` begins a statement, which cannot stand in a call", token)
    return None


def _refusal(literal: str) -> str | None:
    """Return why Python does not read a literal; None where it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(literal, mode="eval")
    except SyntaxError as error:
        return error.msg
    return None


def _line_end(code: str, token: Token) -> int:
    """Return where the text ends that begins with a token, on its line."""
    end = code.find("\n", token.start)
    return token.start + len(code[token.start : end if end >= 0 else None].rstrip())
