"""The paths of a layer: optional inputs on their way in, candidates' outputs on their way out, and their losses.

All are checked here, so that what does not fit is named as the user wrote it and not by an operation of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from nascompile_runtime.candidate_calls import build_candidate
from nascompile_runtime.graph.gated_sum.gates import Gates, Paths
from nascompile_runtime.graph.helpers import as_helpers
from nascompile_runtime.graph.keras_masks import KerasMasks
from nascompile_runtime.graph.keras_names import KerasNames
from nascompile_runtime.graph.left_behind import LeftBehind
from nascompile_runtime.graph.scopes import candidate_scope
from nascompile_runtime.graph.signal import Tensor, outside
from nascompile_runtime.graph.stack import Stack
from nascompile_runtime.layer import Layer, LayerError

_OURS = "nascompile/paths/"
"""The name scope of what is built here: an absolute one, so that names in the user's scopes stay as they are."""
_LOSSES = (tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES, tf.compat.v1.GraphKeys.LOSSES)
"""Where weights are decayed: regularizers add to the one, and code that decays by hand to the other, as a rule."""


def build_sum(layer: Layer, paths: Paths) -> Any:
    """The sum of all candidates behind their gates, each called on all inputs, optional ones behind theirs.

    Raises:
        LayerError: what is passed or returned cannot be gated or summed.
    """
    optional = _gated_inputs(layer, paths.inputs)
    outputs = []
    left = LeftBehind(layer.candidates)
    names = KerasNames(layer.space)
    masks = KerasMasks(layer)
    for position, each in enumerate(layer.candidates):
        with names.of_candidate(), candidate_scope(each.scope), _gated_losses(paths.candidates, position):
            # Lists of its own: a candidate may change what it is given.
            output = build_candidate(layer, each, [list(layer.fixed_inputs), type(optional)(optional)])
            outputs.append(masks.take(left.take(output.stacked() if isinstance(output, Stack) else output)))
    names.settle()
    return left.give(masks.give(_summed_outputs(layer, outputs, paths.candidates)))


def _gated_inputs(layer: Layer, gates: Gates | None) -> list[Any]:
    """The optional inputs behind their gates: a list, which where the size is a range is a `Stack`, too."""
    if gates is None:
        return []
    with as_helpers(_OURS):
        values = _as_tensors(layer, "optional input", layer.space.inputs, layer.optional_inputs)
        return (Stack if layer.ranged else list)(gates.pass_all(values))


def _summed_outputs(layer: Layer, outputs: Sequence[Any], gates: Gates | None) -> Any:
    """The sum of the candidates' outputs behind their gates, in declared order; an only output as it is."""
    if gates is None:
        return outputs[0]
    with as_helpers(_OURS):
        values = _as_tensors(layer, "candidate", layer.space.candidates, outputs)
        _check_alike(layer, "candidates are summed", layer.space.candidates, values)
        _check_summable(layer, values)
        return tf.nest.map_structure(lambda *each: tf.add_n(each), *gates.pass_all(values))


@contextmanager
def _gated_losses(gates: Gates | None, position: int) -> Iterator[None]:
    """Let losses that a candidate adds to the graph in this context count only in steps in which its path is on.

    Else the weights of paths that are often off would be regularised the most for what they are trained. (Bender et
    al., ICML 2018, regularise only what is used.)
    """
    collections = [tf.compat.v1.get_collection_ref(name) for name in _LOSSES]
    before = [len(losses) for losses in collections]
    yield
    if gates is None or before == [len(losses) for losses in collections]:
        return
    with outside(_OURS):
        graph = tf.compat.v1.get_default_graph()
        for losses, kept in zip(collections, before, strict=True):
            losses[kept:] = [
                gates.pass_unscaled(position, each) if getattr(each, "graph", None) is graph else each
                for each in losses[kept:]
            ]


def _as_tensors(layer: Layer, what: str, names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    converted = []
    for name, value in zip(names, values, strict=True):
        try:
            converted.append(tf.nest.map_structure(tf.convert_to_tensor, value))
        except (TypeError, ValueError):
            raise LayerError(f"{layer.space}: {what} {name!r} is no tensor but {value!r:.100}") from None
    return converted


def _check_alike(layer: Layer, why: str, names: Sequence[str], values: Sequence[Any]) -> None:
    for name, value in zip(names[1:], values[1:], strict=True):
        if not _alike(values[0], value):
            raise LayerError(
                f"{layer.space}: its {why}, but {names[0]!r} is {_signature(values[0])} and {name!r} is "
                f"{_signature(value)}"
            )


def _check_summable(layer: Layer, values: Sequence[Any]) -> None:
    for tensor in tf.nest.flatten(values[0]):
        if not (tensor.dtype.is_floating or tensor.dtype.is_complex or tensor.dtype.is_integer):
            raise LayerError(
                f"{layer.space}: its candidates are summed, and {', '.join(map(repr, layer.space.candidates))} give "
                f"{tensor.dtype.name}, of which there is no sum; return numbers, or search in enas, where only the "
                "chosen candidate runs"
            )


def _alike(one: Any, other: Any) -> bool:
    try:
        tf.nest.assert_same_structure(one, other)
    except (TypeError, ValueError):
        return False
    pairs: list[tuple[Tensor, Tensor]] = list(zip(tf.nest.flatten(one), tf.nest.flatten(other), strict=True))
    return all(a.dtype == b.dtype and a.shape.is_compatible_with(b.shape) for a, b in pairs)


def _signature(value: Any) -> str:
    return str(tf.nest.map_structure(lambda tensor: f"{tensor.dtype.name} {tensor.shape}", value)).replace("'", "")
