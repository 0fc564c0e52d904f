"""Search spaces, and a search with a known optimum, for tests of controllers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from nascompile_runtime.architecture import Architecture, Choice, choice_of
from nascompile_runtime.controllers import Controller
from nascompile_runtime.layer import LayerSpace


def space(candidates: int, inputs: int = 0, low: int = 0, high: int = 0, layer: str = "h") -> LayerSpace:
    """A layer of block `b`: candidates `f0`, `f1`, ... and `low` to `high` of the optional inputs `x0`, `x1`, ..."""
    return LayerSpace(
        "b", layer, tuple(f"f{i}" for i in range(candidates)), tuple(f"x{i}" for i in range(inputs)), (low, high)
    )


def valid_choices(where: LayerSpace) -> list[Choice]:
    """All choices that a layer can make."""
    low, high = where.sizes
    return [
        Choice(candidate, inputs)
        for candidate in range(len(where.candidates))
        for size in range(low, high + 1)
        for inputs in combinations(range(len(where.inputs)), size)
    ]


def choices(architecture: Architecture, spaces: Sequence[LayerSpace]) -> tuple[Choice, ...]:
    """What an architecture chooses for each layer. Raises ArchitectureError where it is not valid."""
    return tuple(choice_of(architecture, each) for each in spaces)


@st.composite
def search_spaces(draw: Any) -> list[LayerSpace]:
    """One to four layers, of few candidates and up to twelve optional inputs each."""
    spaces = []
    for number in range(draw(st.integers(1, 4))):
        inputs = draw(st.integers(0, 12))
        low = draw(st.integers(0, inputs))
        spaces.append(space(draw(st.integers(1, 5)), inputs, low, draw(st.integers(low, inputs)), f"h{number}"))
    return spaces


class KnownOptimum:
    """10 layers of 6 candidates that are worth 0, 0.2, 0.4, 0.6, 0.8 and 1 in an order of the layer's own.

    An architecture is worth the mean over its layers, so one change is worth 0.02 at least, and its reward is that with
    Gaussian noise of standard deviation `noise`. One architecture of 60,466,176 is worth 1.
    """

    def __init__(self, seed: int, noise: float) -> None:
        self.spaces = [space(6, layer=f"h{number}") for number in range(10)]
        self._rng = np.random.default_rng([seed, 10])
        self._worth = [self._rng.permutation(6) / 5 for _ in self.spaces]
        self._noise = noise

    def worth(self, architecture: Architecture) -> float:
        """From 0 to 1, without noise."""
        chosen = choices(architecture, self.spaces)
        return float(np.mean([worth[each.candidate] for worth, each in zip(self._worth, chosen, strict=True)]))

    def steps_to_find(self, controller: Controller, steps: int) -> int | None:
        """After how many proposals and rewards the controller proposes the optimum; None if not within `steps`."""
        for request in range(steps):
            proposed = controller.propose(request, self.spaces)
            worth = self.worth(proposed)
            if worth == 1:
                return request
            controller.observe(proposed, worth + self._noise * self._rng.normal())
        return None
