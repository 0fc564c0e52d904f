"""Regularised (ageing) evolution.

E. Real, A. Aggarwal, Y. Huang, Q. V. Le: Regularized Evolution for Image Classifier Architecture Search, AAAI 2019,
algorithm 1. With P = `population_size` and S = `tournament_size`:

    the first P proposals are drawn uniformly
    each one after that is a child: of S members of the population, drawn with replacement, the one with the highest
        reward is the parent, and one of its decisions is mutated
    whatever gets its reward enters the population, and of P + 1 members the oldest dies

A decision is the candidate of a layer, or its set of optional inputs; all of the parent's that leave a choice are
mutated equally often. A candidate becomes any other one. Of a set, one input is added, removed or replaced by another
(as the paper replaces one input of an operation by another), whichever of the three its size allows, equally often.

Rewards may come late, in any order, more than once or never: a member is the architecture that a reward is for, and its
age is that of the reward. A reward that is not finite makes no member.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeAlias

import msgspec

from nascompile_runtime.architecture import Architecture, Choice, to_json
from nascompile_runtime.controllers.base import choice_if_any, controller, former_space
from nascompile_runtime.controllers.draws import draw_choice, stream
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options

_Mutation: TypeAlias = Callable[[Choice, LayerSpace, Random], Choice]

_OPEN_REQUESTS = 8
"""Of how many requests the parents are remembered. Layers come up late for the last requests only."""


class _Member(msgspec.Struct, frozen=True):
    architecture: Architecture
    reward: float


class _Plan(msgspec.Struct, frozen=True):
    """How a request is answered, whenever its layers come up: like the parent, but for one layer."""

    request: int
    parent: Architecture | None
    mutated: tuple[str, str] | None


class _State(msgspec.Struct):
    seed: int
    population: list[_Member] = []
    """The oldest first."""
    plans: list[_Plan] = []
    spaces: list[LayerSpace] = []
    """Every layer that was ever asked for: a process may ask for them one by one, after the plan was made."""


@controller("evolution")
class EvolutionController:
    """Mutates the better of the architectures that earned a reward of late."""

    def __init__(self, options: Options) -> None:
        self._population_size = options.population_size
        self._tournament_size = options.tournament_size
        self._state = _State(options.seed)

    def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
        """The choices for `spaces` of a child of the population as it was when this request was first asked for."""
        self._note(spaces)
        plan = self._plan(request)
        return to_json((each, self._choice(plan, each)) for each in spaces)

    def observe(self, architecture: Architecture, reward: float) -> None:
        """Take an architecture into the population, and let the oldest go where there are too many."""
        if math.isfinite(reward):
            self._state.population.append(_Member(architecture, reward))
            del self._state.population[: -self._population_size]

    def state(self) -> dict[str, Any]:
        """The population with its rewards, and what the last requests are answered with."""
        state: dict[str, Any] = msgspec.to_builtins(self._state)
        return state

    def restore(self, state: dict[str, Any]) -> None:
        """Continue as the controller would have that gave `state`."""
        self._state = msgspec.convert(state, _State)

    def _note(self, spaces: Sequence[LayerSpace]) -> None:
        known = {each.key: each for each in self._state.spaces}
        for space in spaces:
            if space.key not in known and (former := former_space(space, known.values())):
                del known[former.key]
            known[space.key] = space
        self._state.spaces = list(known.values())

    def _plan(self, request: int) -> _Plan:
        plans = self._state.plans
        for plan in plans:
            if plan.request == request:
                return plan
        plans.append(self._new_plan(request))
        del plans[:-_OPEN_REQUESTS]
        return plans[-1]

    def _new_plan(self, request: int) -> _Plan:
        population = self._state.population
        if request < self._population_size or not population:
            return _Plan(request, None, None)
        rng = stream(self._state.seed, request, "parent")
        tournament = rng.choices(population, k=self._tournament_size)
        parent = max(tournament, key=lambda member: member.reward).architecture
        inherited = [each for each in self._state.spaces if choice_if_any(parent, each)]
        layers = [each.key for each in inherited for _ in _mutations(each)]
        return _Plan(request, parent, rng.choice(layers) if layers else None)

    def _choice(self, plan: _Plan, space: LayerSpace) -> Choice:
        inherited = choice_if_any(plan.parent, space) if plan.parent else None
        mutations = _mutations(space) if plan.mutated == space.key else []
        if inherited is not None and not mutations:
            return inherited
        rng = stream(self._state.seed, plan.request, *space.key)
        if inherited is None:
            return draw_choice(space, rng)
        return rng.choice(mutations)(inherited, space, rng)


def _mutations(space: LayerSpace) -> list[_Mutation]:
    """The decisions of a layer that leave a choice, as what mutates them."""
    mutations: list[_Mutation] = []
    if len(space.candidates) > 1:
        mutations.append(_with_another_candidate)
    if space.inputs and space.sizes not in ((0, 0), (len(space.inputs), len(space.inputs))):
        mutations.append(_with_other_inputs)
    return mutations


def _with_another_candidate(choice: Choice, space: LayerSpace, rng: Random) -> Choice:
    others = [candidate for candidate in range(len(space.candidates)) if candidate != choice.candidate]
    return Choice(rng.choice(others), choice.inputs)


def _with_other_inputs(choice: Choice, space: LayerSpace, rng: Random) -> Choice:
    low, high = space.sizes
    chosen = list(choice.inputs)
    others = [position for position in range(len(space.inputs)) if position not in chosen]
    moves = []  # whether one is removed, and whether one is added
    if len(chosen) > low:
        moves.append((True, False))
    if len(chosen) < high:
        moves.append((False, True))
    if chosen and others:
        moves.append((True, True))
    removes, adds = rng.choice(moves)
    if removes:
        chosen.pop(rng.randrange(len(chosen)))
    if adds:
        chosen.append(rng.choice(others))
    return Choice(choice.candidate, tuple(sorted(chosen)))
