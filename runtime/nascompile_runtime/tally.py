"""Counts results, and averages those since the last one that was shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """How many results there were, and how many of them, of which sum, were not shown yet; the line for the last."""

    count: int = 0
    unshown: int = 0
    total: float = 0.0
    left_out: str = ""

    def add(self, result: float) -> int:
        """Count a result, and return how many there are with it."""
        self.count += 1
        self.unshown += 1
        self.total += result
        return self.count

    def show(self) -> None:
        """Begin a new average: what was added so far is shown."""
        self.unshown, self.total, self.left_out = 0, 0.0, ""

    @property
    def mean(self) -> float:
        """The mean of the results that were not shown yet."""
        return self.total / self.unshown
