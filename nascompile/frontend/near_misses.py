"""Warns of comments and strings that look like annotations, and are none.

    # nni.mutable_layers(…)             the `@` is missing
    # @nnni.get_next_parameter()        this is not `@nni.`, and neither are `@NNI.`, `@ nni.`, `@nni_`, `@nascompile.`
    # @mutable_layer(…)                 the `nni.` is missing, where it is no decorator that was put out of use
    ''' @nni.training_update()'''       nothing may stand before the `@`
    f'''nni.mutable_layers(…)'''        and an f-string or bytes would not do with an `@`, either

A comment without the `@` may also be code that was put out of use, so it counts only where nni has no such function.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nascompile.diagnostics import Reporter
from nascompile.frontend.comments import find_comment_tokens
from nascompile.frontend.payload import SUPPORTED
from nascompile.frontend.payload_text import PayloadText, Run, string_text
from nascompile.frontend.scan import PREFIX, first_text
from nascompile.frontend.statements import Suites
from nascompile.lines import Lines

_CALLED_TOO = ("get_next_parameter", "report_intermediate_result", "report_final_result")
_MISSPELT = r"@(?!nni\.)[ \t]{0,4}(?:[nN]{1,4}[iI]{1,2}|[A-Za-z]{1,8}nni|nascompile)"
_NO_DECORATOR = "mutable_layers?|function_choice|get_next_parameter|report_(?:intermediate|final)_result"
_JOINT = r"[ \t]{0,4}[.:_-]{0,2}[ \t]{0,4}"
_KINDS = "|".join(sorted(SUPPORTED, key=len, reverse=True))
_LOOKS_LIKE = re.compile(
    rf"(?P<before>[\s#:!]{{0,40}})"
    rf"(?P<name>(?P<prefix>(?:{_MISSPELT}|@?nni){_JOINT}|@(?={_NO_DECORATOR}))(?P<kind>{_KINDS}))[ \t]*\("
)
_COMMENT = re.compile(rf"#{_LOOKS_LIKE.pattern}")
_WITH_NNI = re.compile(rf"nni{_JOINT}[a-z_]{{1,40}}[ \t]*\(")  # looked for alone, it is fast, and so is the next
_WITHOUT_NNI = re.compile(rf"(?:{_MISSPELT}{_JOINT}[a-z_]{{1,40}}|@(?:{_NO_DECORATOR}))[ \t]*\(")


@dataclass(frozen=True, slots=True)
class _Text:
    """What a comment or a string statement begins with, and the offsets of the annotation's name in the file."""

    match: re.Match[str]
    start: int
    end: int
    is_comment: bool = False
    is_plain: bool = True


def find_near_misses(lines: Lines, tree: ast.Module, reporter: Reporter) -> None:
    """Warn of the near misses of a file."""
    is_misspelt = _WITHOUT_NNI.search(lines.text) is not None
    if not is_misspelt and not _WITH_NNI.search(lines.text):
        return
    suites = Suites(tree, lines, rf"nni|{_WITHOUT_NNI.pattern}" if is_misspelt else "nni")
    for text in (*_strings(lines, suites), *_comments(lines, suites)):
        if message := _what_is_wrong(text.match, text.is_comment):
            example = f"`{'# ' * text.is_comment}{PREFIX}{text.match['kind']}(…)`"
            hint = f"write {example}" if text.is_plain else f"write {example}, in a plain string"
            place = lines.span(text.start, text.end)
            reporter.warning("NC701", f"this looks like an annotation, but {message}", place, hint)


def _strings(lines: Lines, suites: Suites) -> Iterator[_Text]:
    """Yield the string statements that look like annotations; of an f-string, what stands before its first value."""
    for suite in suites:
        for statement in suite.statements:
            if not isinstance(statement, ast.Expr) or not suites.is_marked(statement):
                continue
            match = _LOOKS_LIKE.match(first_text(statement))
            if match is None:
                continue
            start = lines.offset(statement.lineno, statement.col_offset)
            end = lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
            if isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
                yield _placed(match, string_text(lines.text[start:end], start, match.string))
            elif (name := lines.text.find(match["name"], start, end)) >= 0:
                yield _Text(match, name, name + len(match["name"]), is_plain=False)


def _comments(lines: Lines, suites: Suites) -> Iterator[_Text]:
    for comment, start in find_comment_tokens(lines, suites, _COMMENT):
        if match := _LOOKS_LIKE.match(comment[1:]):
            yield _placed(match, PayloadText([Run(comment[1:], start + 1, len(comment) - 1)]), is_comment=True)


def _placed(match: re.Match[str], text: PayloadText, *, is_comment: bool = False) -> _Text:
    start, end = match.span("name")
    return _Text(match, text.start_offset(start), text.end_offset(end), is_comment)


def _what_is_wrong(match: re.Match[str], is_comment: bool) -> str | None:
    """Return what keeps a text from being an annotation; None where it is one, or means something else."""
    before, prefix = match["before"], match["prefix"]
    if not is_comment and before.strip():
        return None
    if not prefix.startswith("@"):
        is_code = match["kind"] in _CALLED_TOO or "".join(prefix.split()) != "nni."
        return None if is_code else "its `@` is missing"
    if not prefix.startswith(PREFIX):
        return f"it begins with `{prefix.rstrip()}`, not with `{PREFIX}`"
    if is_comment:
        return "something stands before its `@`" if before.strip() else None
    return "its `@` is not the first character" if before else None
