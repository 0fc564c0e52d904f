"""Paths that are dropped at random, as oneshot trains them.

A layer of k optional inputs drops each of them, for the whole batch, with probability p = r^(1/k), so that all of them
are dropped with probability r, whatever k is; and so with its candidates where that is wanted. What is kept is
scaled by 1 / (1 - p), so that its expectation is what it is without dropping. Source: Bender, Kindermans, Zoph,
Vasudevan and Le, "Understanding and Simplifying One-Shot Architecture Search", ICML 2018, where the rate of dropping a
path is r^(1/k).

With r = 0 this is exact: p = 0 drops nothing and scales by 1, to the last bit. A sub-architecture is r = 0 with all
other paths switched off.
"""

from __future__ import annotations

import hashlib
import json

import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.gated_sum.gates import Gates, Paths, selected_paths
from nascompile_runtime.graph.signal import Signal, Tensor
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options

RATE = "r"
"""The key of the signal's slot for the current r, which is 0 while nothing is dropped."""


def dropout_of(signal: Signal, space: LayerSpace, options: Options, rate: float, selected: Choice | None) -> Paths:
    """The gates of a layer in the graph that is being built; `options` say whether candidates are dropped too.

    The signal has the slot `RATE` for r, which is `rate` in a session that loaded nothing, and for each layer a slot
    whose key is its space, for what `selected_paths` gives: the sub-architecture `selected` at first, or all paths.
    """

    def build() -> Paths:
        r = signal.slot(RATE, [rate])[0]
        on = signal.slot(space, selected_paths(space, selected)) > 0
        candidates, inputs = on[: len(space.candidates)], on[len(space.candidates) :]
        if len(space.candidates) == 1:
            output_gates = None
        elif options.drop_candidates:
            output_gates = _dropped(candidates, r, _seed(options, space, "candidates"))
        else:
            output_gates = Gates(tuple(tf.unstack(candidates)), scales=None)
        if not space.inputs:
            input_gates = None
        elif space.has_choice:
            input_gates = _dropped(inputs, r, _seed(options, space, "inputs"))
        else:
            input_gates = Gates(tuple(tf.unstack(inputs)), scales=None)
        return Paths(input_gates, output_gates)

    dropout: Paths = signal.once(("dropout", space), build)
    return dropout


def _dropped(selected: Tensor, rate: Tensor, seed: int) -> Gates:
    """Gates of the paths `selected` (bool [k]), each dropped with probability rate^(1/k)."""
    paths = int(selected.shape[0])
    probability = tf.pow(rate, 1 / paths)
    # One draw a session call for each path, uniform over [0, 1): never below a probability of 0.
    drawn = tf.raw_ops.RandomUniform(shape=[paths], dtype=tf.float32, seed=seed, seed2=paths)
    kept = tf.logical_and(selected, drawn >= probability)
    return Gates(tuple(tf.unstack(kept)), (1 / (1 - probability),) * paths)


def _seed(options: Options, space: LayerSpace, what: str) -> int:
    """A stream of its own for each kind of path of each layer; positive, since TensorFlow reads 0 as "no seed"."""
    identity = json.dumps([options.seed, *space.key, what])
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:7], "big") + 1
