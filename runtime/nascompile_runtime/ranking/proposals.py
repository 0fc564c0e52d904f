"""Who proposes the architectures that are scored.

    proposals = Evolution(spaces, seed=0)
    while (point := proposals.propose()) is not None:       # None: it has no more
        proposals.observe(point, reward=score(point))

The same point may be proposed again; whoever asks scores it once.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from random import Random
from typing import Protocol

from nascompile_runtime.architecture import Choice
from nascompile_runtime.controllers import Controller
from nascompile_runtime.controllers.draws import draw_choice, stream
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.ranking.points import Point, neighbours_of, options_of, point_of


class Proposals(Protocol):
    """Proposes points one by one."""

    def propose(self) -> Point | None:
        """The next point; None where there is no more."""

    def observe(self, point: Point, reward: float) -> None:
        """Learn how good a point is, whoever proposed it; higher is better, and the worst is minus infinity."""
        return  # by default, nothing


class Listed(Proposals):
    """The points of a list or an iterator, in its order."""

    def __init__(self, points: Iterable[Point]) -> None:
        self._points = iter(points)

    def propose(self) -> Point | None:
        """The next one of the list."""
        return next(self._points, None)


class ByController(Proposals):
    """What a controller proposes, from the request `first` on.

    It is a copy that is asked, and told no scores: the controller stays as training has left it, and so does what it
    proposes.
    """

    def __init__(self, controller: Controller, spaces: Sequence[LayerSpace], first: int) -> None:
        self._controller = deepcopy(controller)
        self._spaces = spaces
        self._request = first - 1

    def propose(self) -> Point | None:
        """Its next proposal."""
        self._request += 1
        return point_of(self._controller.propose(self._request, self._spaces), self._spaces)


class Uniform(Proposals):
    """Uniform draws, from streams of their own."""

    def __init__(self, spaces: Sequence[LayerSpace], seed: int) -> None:
        self._spaces = spaces
        self._seed = seed
        self._draws = 0

    def propose(self) -> Point | None:
        """The next draw."""
        self._draws += 1
        return tuple(
            draw_choice(space, stream(self._seed, "derive", self._draws, *space.key)) for space in self._spaces
        )


class Evolution(Proposals):
    """One of the best points so far, with the choice of one layer changed by one step.

    The parents are the best 10 of all that were observed, each as likely as another, as in the search of Guo et al.,
    Single Path One-Shot Neural Architecture Search with Uniform Sampling, ECCV 2020.
    """

    _PARENTS = 10

    def __init__(self, spaces: Sequence[LayerSpace], seed: int) -> None:
        self._spaces = spaces
        self._random = Random(f"derive {seed}")
        self._open = [position for position, space in enumerate(spaces) if options_of(space) > 1]
        self._best: list[tuple[float, int, Point]] = []
        self._observed = 0

    def propose(self) -> Point | None:
        """A child of a good point; None before there is any."""
        if not self._best:
            return None
        _, _, parent = self._random.choice(self._best)
        position = self._random.choice(self._open)
        changed = self._random.choice(list(neighbours_of(self._spaces[position], parent[position])))
        return (*parent[:position], changed, *parent[position + 1 :])

    def observe(self, point: Point, reward: float) -> None:
        """Make it a parent if it is good enough; of equals the first ones stay."""
        self._observed += 1
        heapq.heappush(self._best, (reward, -self._observed, point))
        if len(self._best) > self._PARENTS:
            heapq.heappop(self._best)


class Likeliest(Proposals):
    """A start and its neighbours, theirs and so on, always the likeliest that is known; likelihoods of layers add up.

    From the likeliest point of all, these are the likeliest points in order if a layer's candidates and inputs have
    likelihoods that add up, for then each point but the likeliest has a neighbour that is likelier.
    """

    def __init__(
        self, spaces: Sequence[LayerSpace], start: Point, likelihood: Callable[[LayerSpace, Choice], float]
    ) -> None:
        """`likelihood` gives the logarithm of a probability, or anything else that orders the choices of a layer."""
        self._spaces = spaces
        self._likelihood = likelihood
        self._known = {start}
        self._waiting = [(0.0, 0, start)]

    def propose(self) -> Point | None:
        """The likeliest point that was not proposed yet."""
        if not self._waiting:
            return None
        loss, _, point = heapq.heappop(self._waiting)
        for position, space in enumerate(self._spaces):
            here = self._likelihood(space, point[position])
            for choice in neighbours_of(space, point[position]):
                neighbour = (*point[:position], choice, *point[position + 1 :])
                if neighbour not in self._known:
                    self._known.add(neighbour)
                    loss_there = loss + here - self._likelihood(space, choice)
                    heapq.heappush(self._waiting, (loss_there, len(self._known), neighbour))
        return point
