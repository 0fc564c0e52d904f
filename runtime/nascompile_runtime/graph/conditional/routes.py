"""Switches and merges that gradients find their way back through, though most of their tensors are dead.

ways = switch_option(x, place, 3)                              # alive where x is wanted, or last if nowhere
y = merge_options([ways[0], other], lambda dy: [dy_of_x, dy_of_other])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.carry import OVERRIDE, is_filled_in
from nascompile_runtime.graph.conditional.gradients import Gradient, dense, merge_once, zeros_of
from nascompile_runtime.graph.conditional.presence import Alternatives
from nascompile_runtime.graph.conditional.switching import Tensor, helper_scope, merge, state_of, switch_n


def switch_option(tensor: Tensor, index: Tensor, ways: int) -> list[Tensor]:
    """Like `switch_n`. The gradient is that of the one output that is alive, zeros if nobody uses it."""
    graph = tf.compat.v1.get_default_graph()
    with graph.gradient_override_map({"_SwitchN": OVERRIDE}):
        outputs = switch_n(tensor, index, ways)

    state = state_of(graph)
    around = (state.building or [None])[-1]

    def backward(gradients: Sequence[Gradient | None]) -> list[Gradient | None]:
        with helper_scope():
            found = {
                place: dense(gradient)
                for place, gradient in enumerate(gradients)
                if gradient is not None and not is_filled_in(gradient, outputs[0].op)
            }
            merged = merge_once(
                [found[place] if place in found else zeros_of(way) for place, way in enumerate(outputs)]
            )
        state.alternatives[merged.op] = Alternatives(index, ways, around, found)
        state.option_gradients.add(merged.op)
        return [merged, None]

    state.gradients[outputs[0].op] = backward
    return outputs


def merge_options(tensors: Sequence[Tensor], gradient: Callable[[Tensor], Sequence[Gradient | None]]) -> Tensor:
    """Like `merge`. `gradient` makes of the value's gradient those of the tensors, dead like these."""
    graph = tf.compat.v1.get_default_graph()
    with graph.gradient_override_map({"Merge": OVERRIDE}):
        merged = merge(tensors)

    def backward(gradients: Sequence[Any]) -> list[Gradient | None]:
        with helper_scope():
            return list(gradient(dense(gradients[0])))

    state_of(graph).gradients[merged.op] = backward
    return merged


def pad_options(stack: Tensor, count: Tensor, high: int) -> Tensor:
    """A stack of `count` tensors, filled up with zeros to `high` of them. Its gradient is cut by `count`, too."""
    graph = tf.compat.v1.get_default_graph()
    others = tf.zeros([tf.rank(stack) - 1, 2], tf.int32)
    with graph.gradient_override_map({"Pad": OVERRIDE}):
        padded = tf.pad(stack, tf.concat([[[0, high - count]], others], axis=0))
    padded.set_shape(None if stack.shape.rank is None else [high, *stack.shape[1:]])

    def backward(gradients: Sequence[Any]) -> list[Gradient | None]:
        return [dense(gradients[0])[:count], None]

    state_of(graph).gradients[padded.op] = backward
    return padded


def concat_options(tensors: Sequence[Tensor], sizes: Sequence[Tensor]) -> Tensor:
    """Concatenate on axis 0. `sizes`, int32 scalars, are what each takes there.

    TensorFlow's own gradient asks the tensors for their shapes. Where these are static but for this axis, an optimised
    graph cuts in the wrong places ("Expected size[0] in [0, 0], but got 1"); without constant folding it does not.
    """
    graph = tf.compat.v1.get_default_graph()
    with graph.gradient_override_map({"ConcatV2": OVERRIDE, "Identity": OVERRIDE}):
        value = tf.concat(list(tensors), axis=0)

    def backward(gradients: Sequence[Any]) -> list[Gradient | None]:
        with helper_scope():
            gradient = dense(gradients[0])
            if len(tensors) == 1:
                # The identity of a single tensor. Cut all the same: an optimised graph takes what a tensor and its
                # gradient have in common for one shape, and the shape of the chosen one for that of none ("1" for 0).
                return [gradient[: sizes[0]]]
            return [*tf.split(gradient, tf.stack(list(sizes)), axis=0, num=len(tensors)), None]

    state_of(graph).gradients[value.op] = backward
    return value
