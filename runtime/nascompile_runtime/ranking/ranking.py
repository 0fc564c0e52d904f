"""Architectures that were scored, best first."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from nascompile_runtime.ranking.points import Point
from nascompile_runtime.reports import Number


@dataclass(frozen=True, slots=True)
class Scored:
    """A point and its score: the number "default", beside which there may be others."""

    point: Point
    numbers: dict[str, Number]

    @property
    def score(self) -> float:
        """The number that counts."""
        return float(self.numbers["default"])


@dataclass(slots=True)
class Ranking:
    """What was scored so far: what is ranked, and the uniform draws that it is compared with (some may be both)."""

    maximize: bool
    ranked: list[Scored] = field(default_factory=list)
    uniform: list[Scored] = field(default_factory=list)

    def best_first(self) -> list[Scored]:
        """What is ranked. Of equal scores the one that was scored first is first; what is no finite number is last."""
        return sorted(self.ranked, key=lambda one: -self.reward(one))

    def reward(self, scored: Scored) -> float:
        """The score, or its negative where low scores are good; minus infinity where it is no finite number."""
        if not math.isfinite(scored.score):
            return -math.inf
        return scored.score if self.maximize else -scored.score

    @property
    def not_finite(self) -> int:
        """How many of the ranked scores are no finite numbers."""
        return sum(not math.isfinite(one.score) for one in self.ranked)
