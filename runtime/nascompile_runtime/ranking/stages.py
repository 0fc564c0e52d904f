"""Which architectures are scored: a plan in stages, each of so many points by one who proposes.

enas       what the controller proposes, as it is after training
oneshot    uniform draws, then an evolution of the best of them
darts      the likeliest architecture and its neighbours

In every mode, a space with no more architectures than wanted is scored as a whole, and a list that was given as it is.
Where nothing of this is drawn uniformly, a few uniform draws are scored before it, to compare with and not to rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nascompile_runtime.controllers import Controller
from nascompile_runtime.controllers.random import RandomController
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.ranking.points import Point, all_points, size_of
from nascompile_runtime.ranking.proposals import ByController, Evolution, Listed, Proposals, Uniform

BASELINE = 20
"""How many uniform draws are enough to compare with."""
_PATIENCE = 100
"""After how many proposals in a row that are not new uniform draws take over."""


@dataclass(frozen=True, slots=True)
class Stage:
    """So many points by `proposals`: ranked, drawn uniformly, or both."""

    proposals: Proposals
    count: int
    ranked: bool = True
    uniform: bool = False

    def points(self, spare: Proposals, taken: set[Point]) -> Iterator[Point]:
        """Points that were not `taken`, and are now; where proposals stop being new, `spare` proposes instead."""
        proposals, proposed, wasted = self.proposals, 0, 0
        while proposed < self.count:
            point = proposals.propose() if wasted < _PATIENCE else None
            if point is None:
                if proposals is spare or isinstance(proposals, Listed):
                    return
                proposals, wasted = spare, 0
            elif point not in taken:
                taken.add(point)
                proposed, wasted = proposed + 1, 0
                yield point
            elif proposals is not spare:
                wasted += 1


Plan: TypeAlias = Callable[[Sequence[LayerSpace], int, int], list[Stage]]
"""The stages for the layers of a space, a number of architectures that is smaller than it, and a seed."""


def plan_list(points: Iterable[Point], spaces: Sequence[LayerSpace], seed: int) -> list[Stage]:
    """The points of a list, once each, and a baseline."""
    distinct = list(dict.fromkeys(points))
    return [*_baseline(spaces, size_of(spaces), seed), Stage(Listed(distinct), len(distinct))]


def plan_everything(spaces: Sequence[LayerSpace]) -> list[Stage]:
    """Every architecture: as good as drawn uniformly."""
    return [Stage(Listed(all_points(spaces)), size_of(spaces), uniform=True)]


def plan_by_controller(controller: Controller | None, first: int) -> Plan:
    """What the controller proposes from the request `first` on; without one, uniform draws."""

    def plan(spaces: Sequence[LayerSpace], samples: int, seed: int) -> list[Stage]:
        if controller is None:
            return [Stage(Uniform(spaces, seed), samples, uniform=True)]
        uniform = isinstance(controller, RandomController)
        stage = Stage(ByController(controller, spaces, first), samples, uniform=uniform)
        return [stage] if uniform else [*_baseline(spaces, samples, seed), stage]

    return plan


def plan_evolution(spaces: Sequence[LayerSpace], samples: int, seed: int) -> list[Stage]:
    """Uniform draws in the first half; in the second, changes of the best."""
    drawn = (samples + 1) // 2
    return [
        Stage(Uniform(spaces, seed), drawn, uniform=True),
        Stage(Evolution(spaces, seed), samples - drawn),
    ]


def plan_proposals(propose: Callable[[Sequence[LayerSpace]], Proposals]) -> Plan:
    """What proposals give that are made for the layers, and a baseline."""

    def plan(spaces: Sequence[LayerSpace], samples: int, seed: int) -> list[Stage]:
        return [*_baseline(spaces, samples, seed), Stage(propose(spaces), samples)]

    return plan


def _baseline(spaces: Sequence[LayerSpace], at_most: int, seed: int) -> list[Stage]:
    return [Stage(Uniform(spaces, seed), min(BASELINE, at_most), ranked=False, uniform=True)]
