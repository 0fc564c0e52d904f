"""Code that asks whether a list of a range holds anything, and what it would do if not.

    if inputs[1]:                   # fine: where nothing is there, zeros are added
        x += tf.add_n(inputs[1])
    if not inputs[1]:               # told: what comes here is not in the graph
        return x * scale

The answer is that there are some, so the other way is never built. It need not be, if it does nothing. That shows in
the source; where there is none to see, or it cannot be told, the user has to know.
"""

from __future__ import annotations

import ast
import linecache
from types import FrameType

_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_ZEROS = ("zeros", "zeros_like")


def find_other_way(frame: FrameType) -> str | None:
    """Where the code that the frame is in asks, if it may do something where nothing is there: "model.py:12"."""
    path, line = frame.f_code.co_filename, frame.f_lineno
    return None if _is_harmless("".join(linecache.getlines(path)), line) else f"{path}:{line}"


def _is_harmless(source: str, line: int) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return False
    asking = [node for node in nodes if isinstance(node, ast.If | ast.IfExp) and _holds(node.test, line)]
    if len(asking) != 1:
        return False
    (node,) = asking
    is_negated = any(isinstance(part, ast.Not) for part in ast.walk(node.test))
    ways = (node.orelse, node.body) if is_negated else (node.body, node.orelse)
    if isinstance(node, ast.IfExp):
        value, other_value = (node.orelse, node.body) if is_negated else (node.body, node.orelse)
        return _is_zero(other_value) or _adds_to(value, other_value)
    there, other = ways
    assert isinstance(there, list)
    assert isinstance(other, list)
    leaves = any(isinstance(part, _LEAVING) for statement in there for part in ast.walk(statement))
    return not leaves and all(map(_does_nothing, other))


def _holds(test: ast.expr, line: int) -> bool:
    return test.lineno <= line <= (test.end_lineno or test.lineno)


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Assign) and _is_zero(statement.value))


def _adds_to(value: ast.expr, base: ast.expr) -> bool:
    """Whether the value is the base, and something added to it."""
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add)):
        return False
    return ast.dump(base) in (ast.dump(value.left), ast.dump(value.right))


def _is_zero(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2] in _ZEROS
    return isinstance(value, ast.Constant) and value.value == 0
