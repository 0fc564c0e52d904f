"""Gradients that are sparse in some architectures and dense in others, as optimizers treat the two differently.

    h: candidates tf.gather(table, ids) and tf.matmul(x, table)

Where it was looked up alone, the optimizer gets `IndexedSlices` by hand and leaves the other rows alone. In the graph
the sum is dense, as TensorFlow adds them; but what it was added of is known, and so are the sparse ones by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import tensorflow as tf

from nascompile_runtime.graph.conditional.gradients import Gradient, sum_of
from nascompile_runtime.graph.conditional.presence import ALWAYS, Presence
from nascompile_runtime.graph.conditional.reach import Reach
from nascompile_runtime.graph.conditional.switching import Operation, Tensor, helper_scope


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a dense gradient was added of."""

    dense: Presence
    """Where some of it is dense."""
    sparse: tf.IndexedSlices
    """The rest, which is all of it elsewhere."""


def mixture_of(gradient: Gradient, reach: Reach) -> Mixture | None:
    """What a gradient was added of; None if it is sparse anyway, or dense in every architecture."""
    if isinstance(gradient, tf.IndexedSlices):
        return None
    dense: list[Presence] = []
    sparse: list[tf.IndexedSlices] = []
    for tensor in _terms(gradient):
        operation = tensor.op
        if operation in reach.state.mixtures:
            others, slices = reach.state.mixtures[operation]
            dense.append(reach.presence_of(others))
            sparse.append(slices)
        elif operation.type == "UnsortedSegmentSum":
            # So TensorFlow makes slices dense.
            sparse.append(tf.IndexedSlices(*operation.inputs[:2], tf.shape(gradient)))
        else:
            dense.append(reach.presence(operation) or ALWAYS)
    presence = reach.presences.any_of(dense) if dense else None
    if not sparse or presence is None or presence is ALWAYS:
        return None
    with helper_scope():
        return Mixture(presence, sum_of(sparse))


def _terms(gradient: Tensor) -> Iterable[Tensor]:
    waiting = [gradient]
    while waiting:
        tensor = waiting.pop()
        if _hands_on(tensor.op):
            waiting += tensor.op.inputs
        else:
            yield tensor


def _hands_on(operation: Operation) -> bool:
    return operation.type in ("Identity", "AddN")
