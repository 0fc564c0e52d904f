"""A gradient of our own for a piece of graph.

    [y] = carry([merged], [x, w], gradient)     # y is merged; its gradient for x and w is what gradient([dy]) returns

The way back from `y` leads to the sources alone, and never into what `merged` was computed from. `tf.custom_gradient`
will not do: it loses tensors and variables that a candidate closes over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import tensorflow as tf
from tensorflow.python.eager import record
from tensorflow.python.ops.parallel_for import pfor

from nascompile_runtime.graph.conditional.switching import GraphState, Operation, Tensor, is_inside, state_of
from nascompile_runtime.graph.imported import imported_gradient_error

Gradient: TypeAlias = Callable[[list[Any]], Sequence[Any]]

OVERRIDE = "NascompileCarry"
"""The type under which an operation has the gradient that `GraphState.gradients` tells."""
# Integers of the same width: no gradient passes them, so TensorFlow does not even look at what lies behind.
_SAME_WIDTH = {
    tf.float16: tf.int16,
    tf.bfloat16: tf.int16,
    tf.float32: tf.int32,
    tf.float64: tf.int64,
    tf.complex64: tf.int64,
}


def carry(values: Sequence[Tensor], sources: Sequence[Tensor], gradient: Gradient) -> list[Tensor]:
    """The values, with `gradient` for their way back to the sources, tensors or handles of variables.

    `gradient` gets a tensor, `IndexedSlices` or None for each value, not None for all, and returns one for each
    source. It is called each time that somebody differentiates through the values.
    """
    graph = tf.compat.v1.get_default_graph()
    with record.stop_recording(), graph.gradient_override_map({"IdentityN": OVERRIDE}):
        cut = [*map(_cut, values), *sources]
        carried: list[Tensor] = tf.identity_n(cut)
    operation = carried[0].op

    def backward(gradients: Sequence[Any]) -> list[Any]:
        given = [None if is_filled_in(each, operation) else each for each in gradients[: len(values)]]
        state = state_of(graph)
        for number, incoming in enumerate(given):
            if incoming is not None and not _is_of_options(incoming, state):
                state.differentiated.add((operation, number))
        found = gradient(given) if any(each is not None for each in given) else [None] * len(sources)
        return [None] * len(values) + list(found)

    state_of(graph).gradients[operation] = backward
    # A GradientTape knows nothing of gradients that are overridden.
    record.record_operation(OVERRIDE, carried, cut, lambda *gradients: backward(gradients))
    return carried[: len(values)]


def _cut(value: Tensor) -> Tensor:
    """The value, where gradients find no way back. Both casts are optimised away before the graph runs."""
    same_width = _SAME_WIDTH.get(value.dtype.base_dtype)
    return value if same_width is None else tf.bitcast(tf.bitcast(value, same_width), value.dtype)


def is_filled_in(gradient: Any, operation: Operation) -> bool:
    """Whether it is no gradient, or the zeros that TensorFlow gives where only other outputs were used."""
    if gradient is None:
        return True
    return isinstance(gradient, tf.Tensor) and gradient.op.type == "ZerosLike" and gradient.op.inputs[0].op is operation


def _is_of_options(gradient: Any, state: GraphState) -> bool:
    """Whether the gradient comes from optional inputs only, and matters only where one of these is chosen."""
    operation = (gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient).op
    if operation.type in ("AddN", "Identity"):
        return all(_is_of_options(source, state) for source in operation.inputs)
    return operation in state.option_gradients


def _carried_gradient(operation: Operation, *gradients: Any) -> list[Any]:
    if is_inside(operation.graph):
        raise RuntimeError(
            f"{operation.name}: gradients cannot be taken through a mutable layer inside of a while_loop, a cond or a "
            "tf.function; call compute_gradients or tf.gradients outside (apply_gradients may stand inside)"
        )
    gradient = state_of(operation.graph).gradients.get(operation)
    if gradient is None:
        raise imported_gradient_error(operation)
    return gradient(gradients)


def _no_vectorization(pfor_input: Any) -> Any:
    raise NotImplementedError(
        f"{pfor_input.op.name}: gradients through a mutable layer cannot be vectorized, as jacobian and pfor do; take "
        "those of each element by itself: tf.stack([tf.gradients(y[i], x)[0] for i in range(n)])"
    )


tf.RegisterGradient(OVERRIDE)(_carried_gradient)
pfor.RegisterPFor("_SwitchN")(_no_vectorization)
