"""The candidates of a layer as functions of the tensors that they are given: each in its scope, with its kind of list.

    inputs = [list(layer.fixed_inputs), passed_inputs(layer, code, numbers)]
    functions = [candidate_function(candidate, layer, left, names, masks) for candidate in layer.candidates]

So `functions[0](inputs)` is what the first candidate returns, and what it does with its list means what it would in a
sub-graph, or is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from nascompile_runtime.candidate_calls import build_candidate
from nascompile_runtime.graph.conditional.absence import check_absence
from nascompile_runtime.graph.conditional.chosen import Chosen
from nascompile_runtime.graph.conditional.switching import describe
from nascompile_runtime.graph.keras_masks import KerasMasks
from nascompile_runtime.graph.keras_names import KerasNames
from nascompile_runtime.graph.left_behind import LeftBehind
from nascompile_runtime.graph.scopes import candidate_scope
from nascompile_runtime.graph.stack import Stack
from nascompile_runtime.layer import Candidate, Layer, LayerError


def candidate_function(
    candidate: Candidate, layer: Layer, left: LeftBehind, names: KerasNames, masks: KerasMasks
) -> Callable[[list[Any]], Any]:
    """The candidate as a function of its fixed inputs and what `passed_inputs` gives; what it leaves in lists is taken.

    The function raises LayerError where the candidate cannot do with inputs that differ in shape, or makes something
    of one that is not there.
    """
    where = f"{layer.space}: candidate {candidate.name!r}"

    def build(inputs: list[Any]) -> Any:
        fixed, passed = inputs
        optional = _listed(layer, passed, where)
        graph = tf.compat.v1.get_default_graph()
        start = len(graph.get_operations())
        with names.of_candidate(), candidate_scope(candidate.scope):
            try:
                output = _unwrapped(build_candidate(layer, candidate, [fixed, optional]))
            except _FAILURES as error:
                shapes = _different_shapes(layer)
                if not shapes or isinstance(error, LayerError):
                    raise
                raise LayerError(
                    f"{where} fails ({error}); any of the optional inputs may stand at its place in enas, and they "
                    f"differ in shape, {shapes}, so that it gets {describe(optional[0])}; give them one shape, or "
                    "write what needs none"
                ) from error
        if isinstance(optional, Chosen):
            check_absence(optional, output, graph.get_operations()[start:], where)
        return masks.take(left.take(output))

    return build


_FAILURES = (TypeError, ValueError, AttributeError, AssertionError, IndexError, tf.errors.OpError)
"""What code of a model raises where it has to know a shape and does not."""


def _listed(layer: Layer, passed: list[Any], where: str) -> list[Any]:
    """The list that the candidate gets, of its own: it may change it."""
    low, high = layer.space.sizes
    if not layer.ranged or not layer.space.inputs:
        return list(passed)
    if low == len(layer.space.inputs):
        return Stack(passed)
    stack, count, *places = passed
    return Chosen(stack, places, low, where, count) if low < high or not high else Stack(places)


def _unwrapped(output: Any) -> Any:
    """What a candidate returns, with tensors in place of lists that act as one."""
    if isinstance(output, Stack):
        return output.stacked()
    if type(output) in (list, tuple):
        return type(output)(map(_unwrapped, output))
    return {key: _unwrapped(value) for key, value in output.items()} if type(output) is dict else output


def _different_shapes(layer: Layer) -> str:
    """The static shapes of optional inputs of which a candidate gets any; empty where they do not differ."""
    low, _ = layer.space.sizes
    tensors = [value for value in layer.optional_inputs if isinstance(value, tf.Tensor)]
    if not 0 < low < len(tensors) or len({str(tensor.shape) for tensor in tensors}) == 1:
        return ""
    names = zip(layer.space.inputs, layer.optional_inputs, strict=True)
    return ", ".join(f"{name!r} is {describe(tf.convert_to_tensor(value))}" for name, value in names)
