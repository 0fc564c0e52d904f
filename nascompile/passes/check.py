"""Finds mistakes of meaning in annotations that are well formed: duplicates, and sizes that cannot be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from nascompile.diagnostics import Reporter, Span, clipped
from nascompile.frontend.spelling import normalised
from nascompile.ir import Annotated, Candidate, FunctionChoice, Layer, MutableLayers, Name, ScopeKind, Site, Variable
from nascompile.variable_space import PARAMETERS

_NOT_LATE = re.compile(r"\b(?:await|yield|super)\b|:=")
_SAMPLING = frozenset(f"nni.{function}" for function in (*PARAMETERS, "function_choice"))


def check_annotations(annotations: Iterable[Annotated], reporter: Reporter) -> None:
    """Report what is wrong with the meaning of annotations."""
    for annotated in annotations:
        match annotated.annotation:
            case MutableLayers(layers=layers):
                for layer in layers:
                    _check_layer(layer, reporter)
            case FunctionChoice(candidates=candidates):
                _check_nested([(one.name, one.names) for one in candidates], reporter)
                _check_late(candidates, annotated.site, reporter)
                _check_distinct("NC301", "candidate", [(one.name, one.span) for one in candidates], reporter)
            case Variable(sampling=sampling):
                _check_nested([(one.value.code, one.value.names) for one in sampling.options], reporter)
                options = [(one.value.code, one.value.span) for one in sampling.options]
                # JSON tells True from 1, but not 1 from 1.0.
                names = [(isinstance(one.name, bool), one.name) for one in sampling.options]
                _check_distinct("NC301", "option", options, reporter, names)


def _check_layer(layer: Layer, reporter: Reporter) -> None:
    inputs = [*layer.fixed_inputs, *layer.optional_inputs]
    codes = [(one.name, one.names) for one in layer.candidates] + [(one.code, one.names) for one in inputs]
    _check_nested(codes, reporter)
    candidates = [(one.name, one.span) for one in layer.candidates]
    _check_distinct("NC301", "candidate", candidates, reporter)
    optional = [(one.code, one.span) for one in layer.optional_inputs]
    _check_distinct("NC302", "optional input", optional, reporter)
    _check_fixed(layer, reporter)
    _check_size(layer, reporter)


def _check_nested(codes: Iterable[tuple[str, tuple[Name, ...]]], reporter: Reporter) -> None:
    """Report calls of sampling functions in code that an annotation chooses among: no search space would know them."""
    for code, names in codes:
        places = sorted(name.span for name in names if name.id == "nni")
        for call, place in zip(_nni_calls(code) if places else (), places, strict=False):
            message = f"`{clipped(call)}` would be sampled in the middle of another choice, which no search space tells"
            hint = "sample it by itself in an `@nni.variable` above, and write the variable's name here"
            reporter.error("NC314", message, place, hint)


def _check_late(candidates: Sequence[Candidate], site: Site, reporter: Reporter) -> None:
    """Report candidates that cannot wait until they are chosen: a lambda, which they become, would not see all."""
    for candidate in candidates:
        if candidate.is_late and (site.scope_kind is ScopeKind.CLASS or _NOT_LATE.search(candidate.arguments)):
            hint = "define a function that returns it, and write its call"
            reporter.error("NC206", "this candidate cannot be evaluated later; it must be a call", candidate.span, hint)


def _nni_calls(code: str) -> Iterator[str]:
    """Yield the calls of sampling functions in an expression, in the order of the source."""
    tree = ast.parse(code.removeprefix("*"), mode="eval")
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for call in sorted(calls, key=lambda node: node.col_offset):
        if isinstance(call.func, ast.Attribute) and normalised(call.func) in _SAMPLING:
            yield normalised(call)


def _check_distinct(
    code: str, what: str, named: list[tuple[str, Span]], reporter: Reporter, identities: Sequence[object] | None = None
) -> None:
    """Report what is given twice: it has the name of another, or where names do not tell, the identity."""
    seen: set[object] = set()
    for (name, span), identity in zip(named, identities or [name for name, _ in named], strict=True):
        if identity in seen:
            hint = "remove it: an architecture could not tell the two apart"
            reporter.error(code, f"{what} `{clipped(name)}` is given twice", span, hint)
        seen.add(identity)


def _check_fixed(layer: Layer, reporter: Reporter) -> None:
    """Warn of inputs that a candidate would get twice."""
    seen: set[str] = set()
    for one in layer.fixed_inputs:
        if one.code in seen:
            message = f"fixed input `{clipped(one.code)}` is given twice"
            reporter.warning("NC706", message, one.span, "remove one of the two")
        seen.add(one.code)
    for one in layer.optional_inputs:
        if one.code in seen:
            message = f"`{clipped(one.code)}` is a fixed and an optional input, so a candidate may get it twice"
            reporter.warning("NC706", message, one.span, "remove one of the two")


def _check_size(layer: Layer, reporter: Reporter) -> None:
    low, high = layer.sizes
    count = len(layer.optional_inputs)
    if layer.size_span is None or 0 <= low <= high <= count:
        return
    if low > high:
        message = f"optional_input_size: the smallest number {clipped(low)} is above the largest, {clipped(high)}"
    elif low < 0:
        message = f"optional_input_size cannot be {clipped(low)}"
    else:
        amount = "is only 1 optional input" if count == 1 else f"are only {count} optional inputs"
        message = f"optional_input_size is {clipped(high)}, but there {amount}"
    hint = f"it must lie between 0 and {count}"
    reporter.error("NC303", message, layer.size_span, hint)
