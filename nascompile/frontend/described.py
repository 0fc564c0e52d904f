"""Finds what a variable or a function choice stands for in the statement below it.

    # @nni.variable(nni.choice(0.1, 0.01), name=lr)
    lr = default_rate()                                     the value, `default_rate()`
    # @nni.function_choice(relu(x), elu(x), name=relu)
    with scope(relu(x)) as h:                               the call `relu(x)`, wherever it stands before the colon

Other annotations may stand in between, so one statement can have several.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from nascompile.diagnostics import Reporter, clipped, did_you_mean
from nascompile.frontend.scan import Found, is_annotation
from nascompile.frontend.spelling import normalised
from nascompile.frontend.statements import suites_of
from nascompile.ir import FunctionChoice, Place, Variable
from nascompile.lines import Lines

_VARIABLE_HINT = "put it right above an assignment to `{name}`, which holds the default: `{name} = …`"
_CHOICE_HINT = "put it right above the statement that calls `{name}`"


def find_values(
    annotation: Variable | FunctionChoice, found: Found, lines: Lines, reporter: Reporter
) -> tuple[Variable | FunctionChoice, tuple[Place, ...]]:
    """Return an annotation and the expressions that it replaces; none where it describes nothing, which is reported."""
    statement = statement_after(found, lines)
    if isinstance(annotation, Variable):
        values, why = _assigned(annotation, statement)
        hint = _VARIABLE_HINT
    else:
        values, why = _called(annotation, statement)
        hint = _CHOICE_HINT
        annotation = replace(annotation, inner=frozenset(_inner_names(statement)) if statement else frozenset())
    if why:
        reporter.error("NC312", why, annotation.name.span, hint.format(name=clipped(annotation.name.code)))
    return annotation, tuple(_place(value, lines) for value in values)


def statement_after(found: Found, lines: Lines) -> ast.stmt | None:
    """Return the next statement of the suite that is no annotation."""
    statements = found.suite.statements
    position = lines.utf8_position(found.site.start)
    index = bisect_right(statements, position, key=lambda one: (one.lineno, one.col_offset))
    return next((one for one in statements[index:] if not is_annotation(one)), None)


def _assigned(variable: Variable, statement: ast.stmt | None) -> tuple[list[ast.expr], str]:
    """Return the value that a variable is assigned, or why there is none."""
    name = variable.name.code
    if isinstance(statement, ast.AugAssign):
        return [], f"the next statement changes `{clipped(normalised(statement.target))}`, and must be a plain `=`"
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return [], f"the next statement is no assignment to `{clipped(name)}`" if statement else _nothing_below(name)
    if statement.value is None:
        return [], f"the next statement gives `{clipped(name)}` no value"
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = [normalised(target) for target in targets]
    if name in names:
        return [statement.value], ""
    inner = {normalised(node) for target in targets for node in ast.walk(target) if isinstance(node, ast.expr)}
    if name in inner and any(isinstance(target, ast.Tuple | ast.List) for target in targets):
        return [], f"the next statement assigns `{clipped(name)}` together with others, and must assign it alone"
    return [], f"the next statement assigns `{clipped(names[0])}`, not `{clipped(name)}`"


def _called(choice: FunctionChoice, statement: ast.stmt | None) -> tuple[list[ast.expr], str]:
    """Return the calls of the function that is chosen, outermost ones only, or why there are none."""
    name = choice.name.code
    if statement is None:
        return [], _nothing_below(name)
    calls = list(_outermost_calls(_header(statement), name))
    if any(call is None for call in calls):
        return [], f"the call of `{clipped(name)}` stands in an f-string; give its result a name in a statement above"
    if calls:
        return [call for call in calls if call is not None], ""
    nodes = [node for part in _header(statement) for node in ast.walk(part)]
    near = did_you_mean(name, [normalised(node.func) for node in nodes if isinstance(node, ast.Call)])
    return [], f"the next statement does not call `{clipped(name)}`" + (f": {near}" if near else "")


def _nothing_below(name: str) -> str:
    return f"no statement follows that could hold `{clipped(name)}`"


def _header(statement: ast.stmt) -> list[ast.AST]:
    """Return the parts of a statement but for the suites in it."""
    inner = {id(one) for suite in suites_of(statement) for one in suite}
    skipped = (ast.ExceptHandler, ast.match_case)
    return [one for one in ast.iter_child_nodes(statement) if id(one) not in inner and not isinstance(one, skipped)]


def _inner_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that comprehensions and lambdas in a statement bind, which a call in them may use."""
    for node in (node for part in _header(statement) for node in ast.walk(part)):
        if isinstance(node, ast.comprehension):
            yield from (one.id for one in ast.walk(node.target) if isinstance(one, ast.Name))
        elif isinstance(node, ast.Lambda):
            yield from (one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg))


def _outermost_calls(parts: list[ast.AST], name: str) -> Iterator[ast.Call | None]:
    """Yield the calls of a function; None for one in an f-string, whose place older Pythons do not tell."""
    stack = [(part, False) for part in reversed(parts)]
    while stack:
        node, formatted = stack.pop()
        if isinstance(node, ast.Call) and normalised(node.func) == name:
            yield None if formatted else node
            continue
        formatted = formatted or isinstance(node, ast.JoinedStr)
        stack.extend((child, formatted) for child in reversed(list(ast.iter_child_nodes(node))))


def _place(value: ast.expr, lines: Lines) -> Place:
    start = lines.offset(value.lineno, value.col_offset)
    end = lines.offset(value.end_lineno or 0, value.end_col_offset or 0)
    return Place(start, end, lines.span(start, end))
