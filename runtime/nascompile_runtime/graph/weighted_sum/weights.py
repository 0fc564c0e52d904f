"""The architecture weights of a graph: how they are kept, and the gates that they open.

They are variables `nascompile/<block>/<layer>/candidates` and `.../inputs`, float32 and 0 at first, with the moments of
their optimizer beside them: initialised and saved with all others, but not trainable, so that the user's optimizer does
not know them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.gated_sum.gates import Gates, Paths, selected_paths
from nascompile_runtime.graph.signal import Signal, Tensor
from nascompile_runtime.graph.weighted_sum.relaxation import candidate_factors, input_factors
from nascompile_runtime.layer import LayerSpace

SELECTED = "selected"
"""The key of the signal's slot that says whether a sub-architecture is selected: 1, or 0 for the weighted sum."""

v1 = tf.compat.v1


@dataclass(frozen=True, slots=True)
class Trained:
    """Weights of the paths of one kind of a layer (float32 [paths]), and Adam's moments of their gradient."""

    value: Any
    first_moment: Any
    second_moment: Any
    factors: Tensor
    """What the paths are multiplied with."""


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """The architecture weights of a layer; None where there is nothing to choose."""

    space: LayerSpace
    candidates: Trained | None
    inputs: Trained | None

    @property
    def trained(self) -> list[Trained]:
        """Those that there are."""
        return [each for each in (self.candidates, self.inputs) if each]


def weighted_paths(signal: Signal, space: LayerSpace, selected: Choice | None) -> Paths:
    """The gates of a layer in the graph that is being built, which starts on `selected`, if that is not None.

    The signal has the slot `SELECTED`, and for each layer a slot whose key is its space, for `selected_paths`.
    """

    def build() -> Paths:
        step_counter(signal)  # a variable, which must be there before variables are initialised
        weights = weights_of_layer(signal, space)
        is_selected = signal.slot(SELECTED, [float(selected is not None)])[0] > 0
        on = signal.slot(space, selected_paths(space, selected)) > 0
        candidates, inputs = on[: len(space.candidates)], on[len(space.candidates) :]
        if space.sizes[1] == 0:  # no architecture takes any
            inputs = tf.zeros_like(inputs)
        return Paths(
            _gates(inputs, weights.inputs, is_selected) if space.inputs else None,
            _gates(candidates, weights.candidates, is_selected) if len(space.candidates) > 1 else None,
        )

    paths: Paths = signal.once(("paths", space), build)
    return paths


def weights_of_layer(signal: Signal, space: LayerSpace) -> LayerWeights:
    """The architecture weights of a layer, made if it has none yet."""

    def build() -> LayerWeights:
        where = re.sub(r"[^\w./-]", "_", f"{space.block}/{space.layer}", flags=re.ASCII)
        candidates = inputs = None
        if len(space.candidates) > 1:
            candidates = _trained(f"{where}/candidates", len(space.candidates), candidate_factors)
        if space.chooses_inputs:
            inputs = _trained(f"{where}/inputs", len(space.inputs), lambda value: input_factors(value, space.sizes))
        return LayerWeights(space, candidates, inputs)

    weights: LayerWeights = signal.once(("weights", space), build, "nascompile/")
    return weights


def step_counter(signal: Signal) -> Any:
    """The variable that counts the steps on the architecture weights of a graph (int64), saved with them."""
    return signal.once("steps", lambda: _variable("steps", np.int64(0)), "nascompile/")


def all_weights(signal: Signal) -> Iterator[LayerWeights]:
    """The architecture weights of all layers of a graph, in the order in which they were built."""
    for key in signal.keys:
        if isinstance(key, LayerSpace):
            yield weights_of_layer(signal, key)


def _trained(name: str, paths: int, factors: Any) -> Trained:
    zeros = np.zeros([paths], np.float32)
    value, first, second = (_variable(f"{name}{suffix}", zeros) for suffix in ("", "/moment_1", "/moment_2"))
    return Trained(value, first, second, factors(value.read_value()))


def _variable(name: str, value: Any) -> Any:
    return v1.Variable(
        value,
        name=name,
        trainable=False,
        collections=[v1.GraphKeys.GLOBAL_VARIABLES],
        use_resource=True,
    )


def _gates(on: Tensor, weights: Trained | None, is_selected: Tensor) -> Gates:
    if weights is None:
        return Gates(tuple(tf.unstack(on)), None)
    scales = tf.where(is_selected, tf.ones_like(weights.factors), weights.factors)
    return Gates(tuple(tf.unstack(on)), tuple(tf.unstack(scales)))
