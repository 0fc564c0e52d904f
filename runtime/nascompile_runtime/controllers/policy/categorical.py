"""One of n values: the candidate of a layer.

p(i) = exp(z_i) / sum_j exp(z_j)            for logits z
d log p(i) / d z_j = [i = j] - p(j)
H = - sum_i p(i) log p(i)                   in nats
d H / d z_j = - p(j) (log p(j) + H)
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray


class Categorical:
    """A distribution over range(n), given by n logits."""

    def __init__(self, logits: Sequence[float] | NDArray[np.float64]) -> None:
        shifted = np.asarray(logits, np.float64) - np.max(logits)
        self.log_probabilities: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum())
        self.probabilities: NDArray[np.float64] = np.exp(self.log_probabilities)

    def draw(self, rng: Random) -> int:
        """A value."""
        below = np.cumsum(self.probabilities)
        return int(np.searchsorted(below, rng.random() * below[-1], side="right"))

    def score(self, value: int) -> NDArray[np.float64]:
        """The gradient of log p(value), shape [n]."""
        gradient = -self.probabilities
        gradient[value] += 1
        return gradient

    def entropy(self) -> float:
        """In nats."""
        return -float(self.probabilities @ self.log_probabilities)

    def entropy_gradient(self) -> NDArray[np.float64]:
        """The gradient of the entropy, shape [n]."""
        gradient: NDArray[np.float64] = -self.probabilities * (self.log_probabilities + self.entropy())
        return gradient
