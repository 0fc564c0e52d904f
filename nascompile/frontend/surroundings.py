"""Finds what Python refuses about an annotation's code only when it compiles it, in the surroundings it stands in.

    nni.report_final_result(await metric)          fine in an `async def`; anywhere else a mistake

Others are a keyword argument given twice and an assignment to `__debug__`. Here their place in the annotation is known;
in the generated code it no longer is.
"""

from __future__ import annotations

import ast
import copy
import re
import warnings
from collections.abc import Iterator, Sequence

from nascompile.frontend.mistake import Mistake
from nascompile.frontend.syntax import python_mistake
from nascompile.ir import ScopeKind

_SURROUNDINGS = {
    ScopeKind.MODULE: "",
    ScopeKind.CLASS: "class _: pass",
    ScopeKind.FUNCTION: "def _(): pass",
    ScopeKind.ASYNC_FUNCTION: "async def _(): pass",
}
_REPEATED = re.compile(r"keyword argument repeated: (\w+)")


def find_refused(call: ast.Call, kind: ScopeKind, code: str) -> list[Mistake]:
    """Return what Python refuses of a call's arguments, and of assignments to its layers' outputs, where it stands.

    The call itself is left out: the names of its arguments are the schema's.
    """
    values = [one.value if isinstance(one, ast.Starred) else one for one in call.args]
    values += [one.value for one in call.keywords]
    assignments = [ast.Assign([target], ast.Constant(0)) for target in _targets(call)]
    refused = _refusal([*map(_statement, values), *assignments], kind)
    if refused is None:
        return []
    parts = [_statement(part) for value in values for part in _parts(value)]
    refusals = [refusal for one in (*parts, *assignments) if (refusal := _refusal([one], kind))]
    return [_refusal_mistake(refusal, code) for refusal in refusals or [refused]]


def _refusal(statements: Sequence[ast.stmt], kind: ScopeKind) -> SyntaxError | None:
    """Return what Python says of statements in a scope of some kind, where it does not compile them."""
    tree = ast.parse(_SURROUNDINGS[kind])
    body = tree.body[0].body if tree.body else tree.body  # type: ignore[attr-defined]
    body[:] = [ast.Pass(), *statements]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(ast.fix_missing_locations(tree), "annotation", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    return None


def _refusal_mistake(error: SyntaxError, code: str) -> Mistake:
    mistake = python_mistake(error, code, in_bytes=True)
    if repeated := _REPEATED.fullmatch(error.msg):
        message, end = f"argument `{repeated[1]}` is given twice", mistake.start + len(repeated[1])
        return Mistake(message, mistake.start, end, "remove one of the two", "NC204")
    return mistake


def _parts(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a field's value, or of all fields of a layer, that can be wrong each by itself."""
    if isinstance(value, ast.List | ast.Tuple):
        for element in value.elts:
            yield from _parts(element.value if isinstance(element, ast.Starred) else element)
    elif isinstance(value, ast.Dict):
        for element in value.values:
            yield from _parts(element)
    else:
        yield value


def _targets(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the outputs of the layers that the call declares, as targets of assignments."""
    named: list[tuple[object, ast.expr]] = [(one.arg, one.value) for one in call.keywords]
    for layer in call.args:
        if isinstance(layer, ast.Dict):
            named += [
                (getattr(key, "id", getattr(key, "value", None)), value)
                for key, value in zip(layer.keys, layer.values, strict=True)
            ]
    for name, value in named:
        if name == "layer_output" and isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
            target = copy.copy(value)
            target.ctx = ast.Store()
            yield target


def _statement(value: ast.expr) -> ast.stmt:
    return ast.Expr(value)
