"""Parses the text of an annotation as Python does.

nni.report_final_result(accuracy)          <Call>
nni.report_final_result(accuracy           Mistake("`(` is never closed", ...)
"""

from __future__ import annotations

import ast
import warnings

from nascompile.frontend.limits import ANNOTATION_LIMIT, LENGTH_LIMIT, find_deep_node, find_deep_token, find_long_number
from nascompile.frontend.mistake import Mistake, mistake_at
from nascompile.frontend.syntax import explain_mistake, python_mistake
from nascompile.lines import Lines


def parse_call(code: str) -> ast.Call | Mistake:
    """Return the one call that the text of an annotation is, or what keeps it from being that."""
    if len(code) > LENGTH_LIMIT:
        message = f"the annotation is too long: it has {len(code):,} characters, and may have {LENGTH_LIMIT:,}"
        return Mistake(message, 0, len(code.partition("(")[0]), "divide its layers over several annotations", "NC003")
    if token := find_deep_token(code, ANNOTATION_LIMIT):
        return _too_deep(token.start, token.end)
    if token := find_long_number(code):
        return mistake_at("this number is too long", token, "give it a name, in code above the annotation")
    tree = _parse(code)
    if isinstance(tree, Mistake):
        return tree
    statement = tree.body[0] if len(tree.body) == 1 else None
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not _is_plain(call.func):
        return explain_mistake(code) or Mistake("an annotation is one call", 0, len(code.rstrip()))
    if node := find_deep_node(tree, ANNOTATION_LIMIT):
        start = Lines(code).offset(node.lineno, node.col_offset)
        return _too_deep(start, start + 1)
    return call


def _parse(code: str) -> ast.Module | Mistake:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's code: an invalid escape, say
            return ast.parse(code)
    except (RecursionError, MemoryError):
        return _too_deep(0, len(code.partition("(")[0]))
    except (SyntaxError, ValueError) as error:  # a ValueError where the code holds what no file can
        if mistake := explain_mistake(code):
            return mistake
        if isinstance(error, SyntaxError):
            return python_mistake(error, code)
        raise


def _is_plain(function: ast.expr) -> bool:
    """Whether a function is `nni` and one name."""
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)


def _too_deep(start: int, end: int) -> Mistake:
    hint = "give parts of it names, in code above it"
    return Mistake("the annotation is nested too deeply", start, end, hint, "NC003")
