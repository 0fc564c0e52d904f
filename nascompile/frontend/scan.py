"""Finds the annotations of a file: string statements and comments that begin with `@nni.`.

    x = 1
    '''@nni.get_next_parameter()'''         found: its statement is replaced
    # @nni.mutable_layer(                   found: these lines are replaced ...
    #     layer_choice=[conv(), pool()])
    h = conv([[x], []])                     ... and this statement with them, if the schema takes it as the default

Only statements are walked, never expressions; comments are looked for only where `# @nni.` occurs at all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nascompile.diagnostics import Reporter
from nascompile.frontend.comments import find_comments
from nascompile.frontend.payload_text import PayloadText, string_text
from nascompile.frontend.placement import find_suite, statement_below
from nascompile.frontend.statements import Suite, Suites
from nascompile.frontend.tokens import scan_tokens
from nascompile.ir import Site
from nascompile.lines import Lines

PREFIX = "@nni."
_REST_OF_LINE = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
_PREFIX = re.compile(r"[a-zA-Z]+(?=[\"'])")
_CONTINUED = re.compile(r"\\(?:\r\n|\r|\n)\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """An annotation in the file: its text, its place, its suite, and the statement right below a comment."""

    text: PayloadText
    site: Site
    suite: Suite
    is_comment: bool = False
    below: ast.stmt | None = None


def scan(lines: Lines, tree: ast.Module, reporter: Reporter) -> list[Found]:
    """Return the annotations of a file in the order of the source; misplaced ones are reported instead."""
    suites = Suites(tree, lines)
    found = [*_strings(lines, suites, reporter), *_comments(lines, suites, reporter)]
    found.sort(key=lambda one: one.site.start)
    _check_module_start(tree, found, lines, reporter)
    return found


def is_annotation(statement: ast.stmt) -> bool:
    """Whether a statement is a string that is an annotation, be it a right one or not."""
    return isinstance(statement, ast.Expr) and first_text(statement).startswith(PREFIX)


def first_text(statement: ast.Expr) -> str:
    """Return the value of a string statement, the beginning of an f-string, the bytes as text, or nothing."""
    value = statement.value
    if isinstance(value, ast.JoinedStr) and value.values:
        value = value.values[0]
    text = value.value if isinstance(value, ast.Constant) else None
    return text if isinstance(text, str) else text.decode("latin-1") if isinstance(text, bytes) else ""


def extend_site(site: Site, lines: Lines, statement: ast.stmt) -> Site:
    """Return the site of a comment together with the statement below it."""
    code = lines.offset(statement.lineno, statement.col_offset)
    end = lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
    indent, alone = _margins(lines, site.start, end)
    return replace(site, code=code, end=end, span=lines.span(site.start, end), indent=indent, alone=alone)


def _site(lines: Lines, start: int, end: int, suite: Suite, only: bool = False) -> Site:
    indent, alone = _margins(lines, start, end)
    code = start if lines.text[start] != "#" else end
    span = lines.span(start, end)
    return Site(start, code, end, span, indent, alone, suite.scope, suite.scope_kind, only, suite.in_loop)


def _margins(lines: Lines, start: int, end: int) -> tuple[str, bool]:
    """Return the indentation before a stretch of code that has its lines for itself, and whether it has."""
    text = lines.text
    line_start = start - lines.position(start)[1]
    indent = text[line_start:start]
    alone = (
        not indent.strip()
        and _CONTINUED.search(text, max(0, line_start - 3), line_start) is None
        and _REST_OF_LINE.match(text, end) is not None
    )
    return indent if alone else "", alone


def _strings(lines: Lines, suites: Suites, reporter: Reporter) -> Iterator[Found]:
    for suite in suites:
        expressions = [one for one in suite.statements if isinstance(one, ast.Expr) and suites.is_marked(one)]
        marked = [statement for statement in expressions if is_annotation(statement)]
        only = len(marked) == len(suite.statements) and not suite.is_module
        for statement in marked:
            start = lines.offset(statement.lineno, statement.col_offset)
            end = lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
            if not isinstance(statement.value, ast.Constant) or not isinstance(statement.value.value, str):
                _report_prefix(start, end, lines, reporter)
                continue
            site = _site(lines, start, end, suite, only)
            yield Found(string_text(lines.text[start:end], start, statement.value.value), site, suite)


def _report_prefix(start: int, end: int, lines: Lines, reporter: Reporter) -> None:
    """Report an annotation in an f-string or in bytes, at the prefix that makes it so."""
    for token in scan_tokens(lines.text[start:end]):
        prefix = _PREFIX.match(token.text)
        if prefix and (letter := set("fFbB") & set(prefix[0])):
            place = lines.span(start + token.start, start + token.start + prefix.end())
            kind = "an f-string" if letter & set("fF") else "bytes"
            hint = f"remove the `{min(letter)}`"
            reporter.error("NC104", f"an annotation must be a plain string, not {kind}", place, hint)
            return


def _comments(lines: Lines, suites: Suites, reporter: Reporter) -> Iterator[Found]:
    for comment in find_comments(lines, suites):
        if suite := find_suite(comment, suites, lines, reporter):
            site = _site(lines, comment.start, comment.end, suite)
            yield Found(comment.text, site, suite, True, statement_below(comment, suites, lines))


def _check_module_start(tree: ast.Module, found: list[Found], lines: Lines, reporter: Reporter) -> None:
    """Report annotations before a `__future__` import, which must stay the first statement."""
    future = [
        one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__" and not one.level
    ]
    if future:
        last = lines.offset(future[-1].lineno, future[-1].col_offset)
        for one in [one for one in found if one.site.start < last]:
            found.remove(one)
            reporter.error(
                "NC103",
                "an annotation cannot stand before a `__future__` import",
                one.site.span,
                hint="move it below the imports",
            )
