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
from nascompile.frontend.comments import Comment, find_comments
from nascompile.frontend.payload_text import PayloadText, string_text
from nascompile.frontend.statements import Suite, Suites
from nascompile.ir import ScopeKind, Site
from nascompile.lines import Lines

PREFIX = "@nni."
_REST_OF_LINE = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
_CONTINUED = re.compile(r"\\(?:\r\n|\r|\n)\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """An annotation in the file: its text, its place, and the assignment that stands right below a comment."""

    text: PayloadText
    site: Site
    below: ast.Assign | ast.AnnAssign | None = None


def scan(lines: Lines, tree: ast.Module, reporter: Reporter) -> list[Found]:
    """Return the annotations of a file in the order of the source; misplaced ones are reported instead."""
    suites = Suites(tree)
    found = [*_strings(lines, suites, reporter), *_comments(lines, suites, reporter)]
    found.sort(key=lambda one: one.site.start)
    _check_module_start(tree, found, lines, reporter)
    return found


def extend_site(site: Site, lines: Lines, statement: ast.stmt) -> Site:
    """Return the site of a comment together with the statement below it."""
    code = lines.offset(statement.lineno, statement.col_offset)
    end = lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
    return replace(_site(lines, site.start, end, site.scope, site.scope_kind), code=code)


def _site(
    lines: Lines, start: int, end: int, scope: tuple[str, ...], scope_kind: ScopeKind, only: bool = False
) -> Site:
    text = lines.text
    line_start = start - lines.position(start)[1]
    indent = text[line_start:start]
    alone = (
        not indent.strip()
        and _CONTINUED.search(text, max(0, line_start - 3), line_start) is None
        and _REST_OF_LINE.match(text, end) is not None
    )
    code = start if text[start] != "#" else end
    return Site(start, code, end, lines.span(start, end), indent if alone else "", alone, scope, scope_kind, only)


def _strings(lines: Lines, suites: Suites, reporter: Reporter) -> Iterator[Found]:
    for suite in suites:
        expressions = [statement for statement in suite.statements if isinstance(statement, ast.Expr)]
        marked = [statement for statement in expressions if _first_text(statement).startswith(PREFIX)]
        only = len(marked) == len(suite.statements) and not suite.is_module
        for statement in marked:
            start = lines.offset(statement.lineno, statement.col_offset)
            end = lines.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
            value = _first_text(statement)
            if isinstance(statement.value, ast.JoinedStr):
                reporter.error(
                    "NC104",
                    "an annotation is a plain string, not an f-string",
                    lines.span(start, end),
                    hint="remove the f; code in an annotation is never formatted",
                )
                continue
            site = _site(lines, start, end, suite.scope, suite.scope_kind, only)
            yield Found(string_text(lines.text[start:end], start, value), site)


def _first_text(statement: ast.Expr) -> str:
    """Return the value of a string statement, the beginning of an f-string, or nothing."""
    value = statement.value
    if isinstance(value, ast.JoinedStr) and value.values:
        value = value.values[0]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _comments(lines: Lines, suites: Suites, reporter: Reporter) -> Iterator[Found]:
    for comment in find_comments(lines):
        if suite := _suite_of(comment, suites, lines, reporter):
            site = _site(lines, comment.start, comment.end, suite.scope, suite.scope_kind)
            yield Found(comment.text, site, _assignment_below(comment, suites, lines))


def _suite_of(comment: Comment, suites: Suites, lines: Lines, reporter: Reporter) -> Suite | None:
    """Return the suite a comment is a statement of, by its indentation and its neighbours; else report why not."""
    span = lines.span(comment.start, comment.end)
    if not comment.stands_alone:
        reporter.error(
            "NC102", "a comment annotation stands alone on its line", span, hint="move it to a line of its own"
        )
        return None
    if comment.in_brackets:
        reporter.error("NC101", "an annotation cannot stand inside brackets", span, hint="move it above the statement")
        return None
    line, column = lines.position(comment.start)
    indent = lines.line(line)[:column]
    if (below := _below(comment, suites, lines)) and below[0].indent(lines) == indent:
        if below[0].is_docstring(below[1]):
            reporter.error("NC103", "an annotation cannot stand before a docstring", span, hint="move it below")
            return None
        return below[0]
    above = suites.ending_at(*lines.utf8_position(comment.before)) if comment.before is not None else [suites.module]
    for suite in above:
        if suite.indent(lines) == indent:
            return suite
    if comment.after_decorator:
        reporter.error("NC101", "an annotation cannot stand between a decorator and its definition", span)
    else:
        reporter.error(
            "NC102",
            "a comment annotation stands at its block's indentation",
            span,
            hint="indent it like the statements around it",
        )
    return None


def _below(comment: Comment, suites: Suites, lines: Lines) -> tuple[Suite, ast.stmt] | None:
    return None if comment.after is None else suites.starting_at(*lines.utf8_position(comment.after))


def _assignment_below(comment: Comment, suites: Suites, lines: Lines) -> ast.Assign | ast.AnnAssign | None:
    """Return the assignment that begins on the line right below a comment."""
    below = _below(comment, suites, lines)
    if below is None or below[1].lineno != lines.position(comment.end)[0] + 1:
        return None
    statement = below[1]
    is_assignment = isinstance(statement, ast.Assign) or (isinstance(statement, ast.AnnAssign) and statement.value)
    return statement if is_assignment else None  # type: ignore[return-value]


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
