"""Paths that are dropped at random, as oneshot trains them.

A layer of k optional inputs drops each of them, for the whole batch, with probability p = r^(1/k), so that all of them
are dropped with probability r, whatever k is. What is kept is scaled by 1 / (1 - p), so that its expectation is what
it is without dropping. Source: Bender, Kindermans, Zoph, Vasudevan and Le, "Understanding and Simplifying One-Shot
Architecture Search", ICML 2018, where the rate of path dropout is r^(1/k).

With r = 0 this is exact: p = 0 drops nothing and scales by 1, to the last bit. A sub-architecture is r = 0 with all
other paths switched off. A path that is off is zero, and gets a zero gradient, also where its value is not finite: so
it stands behind a conditional and not in a product, which also costs less than a pass over the tensor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.signal import Signal, Tensor
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options

RATE = "r"
"""The key of the signal's slot for the current r, which is 0 while nothing is dropped."""


@dataclass(frozen=True, slots=True)
class Gates:
    """What the paths of one kind pass: whether each is on in this step (bool scalars), and a scale."""

    on: tuple[Tensor, ...]
    scale: Tensor | None

    def pass_all(self, values: Sequence[Any]) -> list[Any]:
        """The values of the paths (tensors, or structures of tensors) behind their gates."""
        return [
            tf.nest.map_structure(lambda tensor, on=on: self._pass(on, tensor), value)
            for on, value in zip(self.on, values, strict=True)
        ]

    def _pass(self, on: Tensor, tensor: Tensor) -> Tensor:
        return tf.cond(on, lambda: self._scaled(tensor), lambda: tf.zeros_like(tensor))

    def _scaled(self, tensor: Tensor) -> Tensor:
        # Whole numbers and truth values have no fractions to be scaled to.
        if self.scale is None or not (tensor.dtype.is_floating or tensor.dtype.is_complex):
            return tf.identity(tensor)
        return tensor * tf.cast(self.scale, tensor.dtype)


@dataclass(frozen=True, slots=True)
class Dropout:
    """The gates of a layer, the same ones each time the layer is built in a graph."""

    inputs: Gates | None
    """None where there are no optional inputs."""
    candidates: Gates | None
    """None for an only candidate, which is in every sub-architecture and never dropped: it is the only path."""


def dropout_of(signal: Signal, space: LayerSpace, options: Options, rate: float, selected: Choice | None) -> Dropout:
    """The gates of a layer in the graph that is being built; `options` say whether candidates are dropped too.

    The signal has the slot `RATE` for r, which is `rate` in a session that loaded nothing, and for each layer a slot
    whose key is its space, for what `selected_paths` gives: the sub-architecture `selected` at first, or all paths.
    """

    def build() -> Dropout:
        r = signal.slot(RATE, [rate])[0]
        on = signal.slot(space, selected_paths(space, selected)) > 0
        candidates, inputs = on[: len(space.candidates)], on[len(space.candidates) :]
        if len(space.candidates) == 1:
            output_gates = None
        elif options.drop_candidates:
            output_gates = _dropped(candidates, r, _seed(options, space, "candidates"))
        else:
            output_gates = Gates(tuple(tf.unstack(candidates)), scale=None)
        input_gates = _dropped(inputs, r, _seed(options, space, "inputs")) if space.inputs else None
        return Dropout(input_gates, output_gates)

    dropout: Dropout = signal.once(("dropout", space), build)
    return dropout


def selected_paths(space: LayerSpace, choice: Choice | None) -> list[float]:
    """What switches on the paths of a choice, or all paths: 1 or 0 for each candidate, then for each input."""
    if choice is None:
        return [1.0] * (len(space.candidates) + len(space.inputs))
    candidates = [float(position == choice.candidate) for position in range(len(space.candidates))]
    return candidates + [float(position in choice.inputs) for position in range(len(space.inputs))]


def _dropped(selected: Tensor, rate: Tensor, seed: int) -> Gates:
    """Gates of the paths `selected` (bool [k]), each dropped with probability rate^(1/k)."""
    paths = int(selected.shape[0])
    probability = tf.pow(rate, 1 / paths)
    # One draw a session call for each path, uniform over [0, 1): never below a probability of 0.
    drawn = tf.raw_ops.RandomUniform(shape=[paths], dtype=tf.float32, seed=seed, seed2=paths)
    kept = tf.logical_and(selected, drawn >= probability)
    return Gates(tuple(tf.unstack(kept)), 1 / (1 - probability))


def _seed(options: Options, space: LayerSpace, what: str) -> int:
    """A stream of its own for each kind of path of each layer; positive, since TensorFlow reads 0 as "no seed"."""
    identity = json.dumps([options.seed, *space.key, what])
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:7], "big") + 1
