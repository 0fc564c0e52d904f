"""Says which suite a comment annotation belongs to, or why it can stand for no statement of any.

if session:
    step = 1
    # @nni.get_next_parameter(session)        the last statement of the `if`
# @nni.get_next_parameter(session)            no place for a statement
else:
    step = 0
"""

from __future__ import annotations

import ast
import re

from nascompile.diagnostics import Reporter
from nascompile.frontend.comments import Comment
from nascompile.frontend.statements import Suite, Suites, indentation
from nascompile.lines import Lines

_CLAUSE = re.compile(r"(?:elif|else|except|finally|case)\b")


def find_suite(comment: Comment, suites: Suites, lines: Lines, reporter: Reporter) -> Suite | None:
    """Return the suite a comment is a statement of, by its indentation and its neighbours; else report why not."""
    code, message, hint = "NC102", "", ""
    if not comment.stands_alone:
        message, hint = "a comment annotation must stand alone on its line", "move it to a line of its own"
    elif comment.in_brackets:
        code, message, hint = "NC101", "an annotation cannot stand inside brackets", "move it above the statement"
    else:
        suite = _suite_around(comment, suites, lines)
        if isinstance(suite, Suite):
            return suite
        code, message, hint = suite
    reporter.error(code, message, lines.span(comment.start, comment.end), hint)
    return None


def statement_below(comment: Comment, suites: Suites, lines: Lines) -> ast.stmt | None:
    """Return the statement that begins on the line right below a comment."""
    below = _below(comment, suites, lines)
    return below[1] if below and below[1].lineno == lines.position(comment.end)[0] + 1 else None


def _suite_around(comment: Comment, suites: Suites, lines: Lines) -> Suite | tuple[str, str, str]:
    """Return the suite around a comment that has its lines for itself, or code, message and hint of a mistake."""
    line, column = lines.position(comment.start)
    indent = indentation(lines.line(line)[:column])
    below = _below(comment, suites, lines)
    if below and below[0].indent(lines) == indent:
        if below[0].is_docstring(below[1]):
            return "NC103", "an annotation cannot stand before a docstring", "move it below the docstring"
        return below[0]
    above = suites.ending_at(*lines.utf8_position(comment.before)) if comment.before is not None else [suites.module]
    for suite in above:
        if suite.indent(lines) == indent:
            return suite
    if comment.after_decorator:
        hint = "move it above the decorators"
        return "NC101", "an annotation cannot stand between a decorator and its definition", hint
    clause = None if comment.after is None else _CLAUSE.match(lines.text, comment.after)
    if clause and not below:
        return "NC101", f"an annotation cannot stand before `{clause[0]}`", "move it into the block above or below"
    neighbour, where = (below[0], "below") if below else (above[0] if above else suites.module, "above")
    message = "a comment annotation must be indented like the statements around it"
    return "NC102", message, _advice(neighbour.indent(lines), indent, where)


def _below(comment: Comment, suites: Suites, lines: Lines) -> tuple[Suite, ast.stmt] | None:
    return None if comment.after is None else suites.starting_at(*lines.utf8_position(comment.after))


def _advice(wanted: str, given: str, where: str) -> str:
    """Return which indentation a comment needs, where the statement beside it has the wanted one."""
    if wanted.strip():  # that statement stands behind a colon
        return "indent it like a statement before or after it"
    if not wanted:
        return "remove its indentation; statements of the module have none"
    return f"indent it by {_amount(wanted)}, like the statement {where}" + (
        f", not by {_amount(given)}" if given else ""
    )


def _amount(indent: str) -> str:
    amounts = [(indent.count(char), name) for char, name in (("\t", "tab"), (" ", "space"))]
    return " and ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in amounts if count)
