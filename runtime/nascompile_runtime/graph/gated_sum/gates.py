"""Gates: whether a path of a layer is on in this step, and the scale of what passes.

A path that is off is zero, and gets a zero gradient, also where its value is not finite. What is scaled needs a product
anyway, one in which zero times anything is zero; what is not stands behind a conditional, which costs less than a pass
over the tensor. A sub-architecture is the paths of its choice, with a scale of 1, and all others off: to the last bit
its sub-graph, plus zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.signal import Tensor
from nascompile_runtime.layer import LayerSpace


@dataclass(frozen=True, slots=True)
class Gates:
    """What the paths of one kind pass: whether each is on in this step (bool scalars), and the scale of each."""

    on: tuple[Tensor, ...]
    scales: tuple[Tensor, ...] | None

    def pass_all(self, values: Sequence[Any]) -> list[Any]:
        """The values of the paths (tensors, or structures of tensors) behind their gates."""
        return [
            tf.nest.map_structure(lambda tensor, position=position: self._pass(position, tensor), value)
            for position, value in enumerate(values)
        ]

    def pass_unscaled(self, position: int, tensor: Tensor) -> Tensor:
        """A tensor as it is where the path at `position` is on, and else zero."""
        return tf.cond(self.on[position], lambda: tf.identity(tensor), lambda: tf.zeros_like(tensor))

    def _pass(self, position: int, tensor: Tensor) -> Tensor:
        # Whole numbers and truth values have no fractions to be scaled to.
        if self.scales is None or not (tensor.dtype.is_floating or tensor.dtype.is_complex):
            return self.pass_unscaled(position, tensor)
        scale = tf.cast(self.scales[position], tensor.dtype)
        return tf.math.multiply_no_nan(tensor, tf.where(self.on[position], scale, tf.zeros_like(scale)))


@dataclass(frozen=True, slots=True)
class Paths:
    """The gates of a layer, the same ones each time the layer is built in a graph."""

    inputs: Gates | None
    """None where there are no optional inputs."""
    candidates: Gates | None
    """None for an only candidate, which is in every sub-architecture: it is the only path."""


def selected_paths(space: LayerSpace, choice: Choice | None) -> list[float]:
    """What switches on the paths of a choice, or all paths: 1 or 0 for each candidate, then for each input."""
    if choice is None:
        return [1.0] * (len(space.candidates) + len(space.inputs))
    candidates = [float(position == choice.candidate) for position in range(len(space.candidates))]
    return candidates + [float(position in choice.inputs) for position in range(len(space.inputs))]
