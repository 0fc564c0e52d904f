"""Finds mistakes of meaning in annotations that are well formed: duplicates, and sizes that cannot be."""

from __future__ import annotations

from collections.abc import Iterable

from nascompile.diagnostics import Reporter, Span
from nascompile.ir import Annotated, Layer, MutableLayers


def check_annotations(annotations: Iterable[Annotated], reporter: Reporter) -> None:
    """Report what is wrong with the meaning of annotations."""
    for annotated in annotations:
        if isinstance(annotated.annotation, MutableLayers):
            for layer in annotated.annotation.layers:
                _check_layer(layer, reporter)


def _check_layer(layer: Layer, reporter: Reporter) -> None:
    candidates = [(one.name, one.span) for one in layer.candidates]
    _check_distinct("NC301", "candidate", candidates, reporter)
    inputs = [(one.code, one.span) for one in layer.optional_inputs]
    _check_distinct("NC302", "optional input", inputs, reporter)
    _check_size(layer, reporter)


def _check_distinct(code: str, what: str, named: list[tuple[str, Span]], reporter: Reporter) -> None:
    seen: set[str] = set()
    for name, span in named:
        if name in seen:
            reporter.error(
                code, f"{what} `{name}` is given twice", span, hint="an architecture could not tell them apart"
            )
        seen.add(name)


def _check_size(layer: Layer, reporter: Reporter) -> None:
    low, high = layer.sizes
    count = len(layer.optional_inputs)
    span = dict(layer.fields).get("optional_input_size")
    if span is None or 0 <= low <= high <= count:
        return
    if low > high:
        message = f"optional_input_size: the lowest size {low} is above the highest, {high}"
    elif low < 0:
        message = f"optional_input_size: a size cannot be {low}"
    else:
        message = f"optional_input_size is {high}, but there are {count} optional inputs"
    reporter.error("NC303", message, span, hint=f"sizes lie between 0 and {count}")
