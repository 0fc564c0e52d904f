"""Finds mistakes of meaning in annotations that are well formed: duplicates, and sizes that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nascompile.diagnostics import Reporter, Span, clipped
from nascompile.ir import Annotated, FunctionChoice, Layer, MutableLayers, Variable


def check_annotations(annotations: Iterable[Annotated], reporter: Reporter) -> None:
    """Report what is wrong with the meaning of annotations."""
    for annotated in annotations:
        match annotated.annotation:
            case MutableLayers(layers=layers):
                for layer in layers:
                    _check_layer(layer, reporter)
            case FunctionChoice(candidates=candidates):
                _check_distinct("NC301", "candidate", [(one.name, one.span) for one in candidates], reporter)
            case Variable(sampling=sampling):
                options = [(one.value.code, one.value.span) for one in sampling.options]
                # JSON tells True from 1, but not 1 from 1.0.
                names = [(isinstance(one.name, bool), one.name) for one in sampling.options]
                _check_distinct("NC301", "option", options, reporter, names)


def _check_layer(layer: Layer, reporter: Reporter) -> None:
    candidates = [(one.name, one.span) for one in layer.candidates]
    _check_distinct("NC301", "candidate", candidates, reporter)
    inputs = [(one.code, one.span) for one in layer.optional_inputs]
    _check_distinct("NC302", "optional input", inputs, reporter)
    _check_fixed(layer, reporter)
    _check_size(layer, reporter)


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
    elif count == 0:
        message = f"optional_input_size is {clipped(high)}, but there are no optional inputs"
    else:
        message = f"optional_input_size is {clipped(high)}, but there are only {count} optional inputs"
    hint = f"it must lie between 0 and {count}" if count else "remove it, or give `optional_inputs`"
    reporter.error("NC303", message, layer.size_span, hint)
