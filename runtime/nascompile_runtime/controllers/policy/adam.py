"""Adam: D. P. Kingma, J. Ba: Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1, uphill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

_DECAY, _SQUARE_DECAY, _EPSILON = 0.9, 0.999, 1e-8


class Logits(msgspec.Struct):
    """The logits of one decision, and what Adam keeps of them: numbers of Python, which JSON holds exactly."""

    values: list[float]
    mean: list[float]
    """Of the gradients, with decay 0.9."""
    square: list[float]
    """The mean of the squared gradients, with decay 0.999."""
    steps: int = 0

    @classmethod
    def equal(cls, number: int) -> Logits:
        """So many logits that are all zero."""
        return cls([0.0] * number, [0.0] * number, [0.0] * number)

    def ascend(self, gradient: NDArray[float64], rate: float) -> None:
        """Take a step along the gradient g, shape [number], of what shall grow.

        m <- 0.9 m + 0.1 g;  v <- 0.999 v + 0.001 g^2
        z <- z + rate * (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8)
        """
        import numpy as np  # only those who learn pay for it

        self.steps += 1
        mean = _DECAY * np.asarray(self.mean) + (1 - _DECAY) * gradient
        square = _SQUARE_DECAY * np.asarray(self.square) + (1 - _SQUARE_DECAY) * gradient**2
        direction = mean / (1 - _DECAY**self.steps)
        scale = np.sqrt(square / (1 - _SQUARE_DECAY**self.steps)) + _EPSILON
        values = np.asarray(self.values) + rate * direction / scale
        self.values, self.mean, self.square = values.tolist(), mean.tolist(), square.tolist()
