"""From architecture weights to what the paths of a layer are multiplied with, and back to an architecture.

The candidates of a layer have a weight each, and are multiplied with the softmax of them. Source: Liu, Simonyan and
Yang, "DARTS: Differentiable Architecture Search", ICLR 2019, equation 2.

The paper has no optional inputs. Here each has a weight b, and the sets S of inputs that an architecture may choose, of
low to high of them, have the probability

    p(S) = exp(sum of b over S) / (the same, summed over all such sets).

An input is multiplied with the probability that S holds it, so a candidate gets the expectation of what it would get
from a drawn set. Where exactly one is chosen that is the softmax, where any number is, the sigmoid of each. As weights
grow, p comes down to the most probable set, and the layer to its sub-graph: this is the architecture that is read off.
It holds the inputs with the `low` largest weights, and of the others, largest first and up to `high`, those with a
weight above 0. Of equals the first comes first, so weights that were never trained give the first candidate with the
first and fewest inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.signal import Tensor
from nascompile_runtime.layer import LayerSpace

_MOST_LISTED = 64
"""So many sets of inputs are written out; beyond, sums over them are made input by input."""
_NEVER = -1e9
"""The logarithm of what stands for zero: low enough for any weight, and finite, for the sake of its gradient."""


def candidate_factors(weights: Tensor) -> Tensor:
    """What the candidates are multiplied with: the softmax of their weights (float [n])."""
    return tf.nn.softmax(weights)


def input_factors(weights: Tensor, sizes: tuple[int, int]) -> Tensor:
    """What the optional inputs are multiplied with: by their weights (float [k]) the probability of each."""
    inputs, (low, high) = int(weights.shape[0]), sizes
    if sum(comb(inputs, size) for size in range(low, high + 1)) > _MOST_LISTED:
        return _input_by_input(weights, inputs, sizes)
    sets = [chosen for size in range(low, high + 1) for chosen in combinations(range(inputs), size)]
    holds = tf.constant([[float(position in chosen) for position in range(inputs)] for chosen in sets])
    probability = tf.nn.softmax(tf.linalg.matvec(holds, weights))
    return tf.linalg.matvec(holds, probability, transpose_a=True)


def most_probable(space: LayerSpace, candidates: Sequence[float], inputs: Sequence[float]) -> Choice:
    """The choice that weights are read as; either list is empty where there is nothing to choose."""
    low, high = space.sizes
    candidate = max(range(len(candidates)), key=candidates.__getitem__, default=0)
    if not inputs:
        return Choice(candidate, tuple(range(low)))
    best = sorted(range(len(inputs)), key=inputs.__getitem__, reverse=True)  # keeps the order of equals
    wanted = [position for rank, position in enumerate(best[:high]) if rank < low or inputs[position] > 0]
    return Choice(candidate, tuple(sorted(wanted)))


def log_odds(choice: Choice, candidates: Sequence[float], inputs: Sequence[float]) -> float:
    """The logarithm of the probability of a choice, up to a constant of the layer; empty lists as above."""
    candidate = candidates[choice.candidate] if candidates else 0.0
    return candidate + (sum(inputs[position] for position in choice.inputs) if inputs else 0.0)


def _input_by_input(weights: Tensor, inputs: int, sizes: tuple[int, int]) -> Tensor:
    """The same for many sets: `sums[i, m]` is the logarithm of the sum of exp(...) over all sets of m without i."""
    low, high = sizes
    sums = tf.constant([[0.0] + [_NEVER] * high] * inputs)
    for position, weight in enumerate(tf.unstack(weights)):
        taken = tf.pad(sums[:, :-1], [[0, 0], [1, 0]], constant_values=_NEVER) + weight
        itself = tf.constant([[row == position] for row in range(inputs)])
        sums = tf.reduce_logsumexp(tf.stack([sums, tf.where(itself, _NEVER, taken)]), axis=0)
    chosen = weights + tf.reduce_logsumexp(sums[:, max(low, 1) - 1 : high], axis=1)
    left_out = tf.reduce_logsumexp(sums[:, low : high + 1], axis=1)
    return tf.sigmoid(chosen - left_out)
