"""Warns of comments and strings that look like annotations, and are none.

    # nni.mutable_layers(…)             the `@` is missing
    # @ nni.get_next_parameter()        nothing may stand between `@`, `nni` and `.`
    ''' @nni.training_update()'''       nothing may stand before the `@`

A comment without the `@` may also be code that was put out of use, so it counts only where nni has no such function.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nascompile.diagnostics import Reporter
from nascompile.frontend.comments import find_comment_tokens
from nascompile.frontend.payload import SUPPORTED
from nascompile.frontend.payload_text import PayloadText, Run, string_text
from nascompile.frontend.scan import PREFIX
from nascompile.frontend.statements import Suites
from nascompile.lines import Lines

_CALLED_TOO = ("get_next_parameter", "report_intermediate_result", "report_final_result")
_LOOKS_LIKE = re.compile(
    rf"(?P<before>[\s#:!]{{0,40}})(?P<name>(?P<at>@?)(?P<gap>[ \t]{{0,4}})nni(?P<joint>[ \t]{{0,4}}[.:]?[ \t]{{0,4}})"
    rf"(?P<kind>{'|'.join(sorted(SUPPORTED, key=len, reverse=True))}))[ \t]*\("
)
_MAY_LOOK_LIKE = re.compile(r"nni[ \t]{0,4}[.:]?[ \t]{0,4}[a-z_]{1,40}[ \t]*\(")  # looked for alone, it is fast
_COMMENT = re.compile(rf"#{_LOOKS_LIKE.pattern}")


def find_near_misses(lines: Lines, tree: ast.Module, reporter: Reporter) -> None:
    """Warn of the near misses of a file."""
    if not _MAY_LOOK_LIKE.search(lines.text):
        return
    suites = Suites(tree, lines, "nni")
    for text, is_comment in _texts(lines, suites):
        match = _LOOKS_LIKE.match(text.text)
        if match and (message := _what_is_wrong(match, is_comment)):
            start, end = match.span("name")
            place = lines.span(text.start_offset(start), text.end_offset(end))
            hint = f"write `{'# ' * is_comment}{PREFIX}{match['kind']}(…)`"
            reporter.warning("NC701", f"this looks like an annotation, but {message}", place, hint)


def _texts(lines: Lines, suites: Suites) -> Iterator[tuple[PayloadText, bool]]:
    """Yield the string statements, and the comments without their `#`, that look like annotations."""
    for suite in suites:
        for statement in suite.statements:
            value = statement.value if isinstance(statement, ast.Expr) and suites.is_marked(statement) else None
            text = value.value if isinstance(value, ast.Constant) else None
            if isinstance(value, ast.Constant) and isinstance(text, str) and _LOOKS_LIKE.match(text):
                start = lines.offset(statement.lineno, statement.col_offset)
                end = lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
                yield string_text(lines.text[start:end], start, text), False
    for comment, start in find_comment_tokens(lines, suites, _COMMENT):
        yield PayloadText([Run(comment[1:], start + 1, len(comment) - 1)]), True


def _what_is_wrong(match: re.Match[str], is_comment: bool) -> str | None:
    """Return what keeps a text from being an annotation; None where it is one, or means something else."""
    before = match["before"]
    if not is_comment and before.strip():
        return None
    if not match["at"]:
        return None if match["kind"] in _CALLED_TOO else "its `@` is missing"
    if match["gap"] or match["joint"] != ".":
        return f"`{PREFIX}` must be written in one"
    if is_comment:
        return "something stands before its `@`" if before.strip() else None
    return "its `@` is not the first character" if before else None
