"""From `low` to `high` of n values: the optional inputs of a layer.

Each input has a logit; independent coin tosses are conditioned on a number of inputs that is allowed. For a set S,

    p(S) = exp(sum_{i in S} z_i) / Z,           Z = the same summed over all sets of an allowed size
    d log p(S) / d z_i = [i in S] - pi_i,       pi_i = P(i in S)
    H = log Z - sum_i z_i pi_i,                 d H / d z = - (d pi / d z) z

With [0, n] they are n independent Bernoulli variables, as for the skip connections of ENAS; with [1, 1] a softmax; of
a fixed size the conditional Bernoulli distribution (S. X. Chen, J. S. Liu: Statistical Applications of the
Poisson-Binomial and Conditional Bernoulli Distributions, Statistica Sinica 1997). Equal logits make all sets equally
likely. Nothing is enumerated: all of it comes from a table over (input, how many were chosen before it), n times
`high` + 1 numbers, that is filled from the last input to the first:

    rest[i, c] = log of the sum over what inputs i, i + 1, ... may still add when c were chosen before
               = log(exp(rest[i + 1, c]) + exp(z_i + rest[i + 1, c + 1]))
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

_STRETCH = 1e-5


class Subset:
    """A distribution over the sets of `low` to `high` elements of range(n), given by n logits."""

    def __init__(self, logits: Sequence[float] | NDArray[np.float64], low: int, high: int) -> None:
        self._logits: NDArray[np.float64] = np.asarray(logits, np.float64)
        self._sizes = low, high
        number = len(self._logits)
        rest = np.full([number + 1, high + 2], -np.inf)
        rest[number, low : high + 1] = 0
        for i in reversed(range(number)):
            rest[i, :-1] = np.logaddexp(rest[i + 1, :-1], self._logits[i] + rest[i + 1, 1:])
        self._log_total = float(rest[0, 0])
        with_input = self._logits[:, np.newaxis] + rest[1:, 1:]
        possible = np.isfinite(with_input)
        chances = np.subtract(with_input, rest[:-1, :-1], out=with_input, where=possible)
        self._chances: NDArray[np.float64] = np.exp(chances)
        """Shape [n, high + 1]: the probability that input i is chosen when c were chosen before it."""

    def draw(self, rng: Random) -> tuple[int, ...]:
        """A set, in ascending order."""
        chosen: list[int] = []
        for i in range(len(self._logits)):
            if rng.random() < self._chances[i, len(chosen)]:
                chosen.append(i)
        return tuple(chosen)

    def log_probability(self, chosen: Sequence[int]) -> float:
        """Of a set of an allowed size."""
        return float(self._logits[list(chosen)].sum()) - self._log_total

    def score(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """The gradient of the log-probability of a set of an allowed size, shape [n]."""
        gradient = -self.inclusion()
        gradient[list(chosen)] += 1
        return gradient

    def inclusion(self) -> NDArray[np.float64]:
        """The probability of each input to be in the set, shape [n]."""
        before = np.zeros(self._chances.shape[1])  # the distribution of how many were chosen
        before[0] = 1
        inclusion = np.empty(len(self._logits))
        for i, chances in enumerate(self._chances):
            goes_in = before * chances
            before -= goes_in
            before[1:] += goes_in[:-1]
            inclusion[i] = goes_in.sum()
        return inclusion

    def entropy(self) -> float:
        """In nats."""
        return self._log_total - float(self._logits @ self.inclusion())

    def entropy_gradient(self) -> NDArray[np.float64]:
        """The gradient of the entropy, shape [n]: the change of inclusion as logits shrink, by central differences."""
        stretched, shrunk = (Subset(self._logits * (1 + by), *self._sizes).inclusion() for by in (_STRETCH, -_STRETCH))
        gradient: NDArray[np.float64] = (shrunk - stretched) / (2 * _STRETCH)
        return gradient
