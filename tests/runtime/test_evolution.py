"""Regularised evolution: who lives, who is a parent, and what a mutation is."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from searches import choices, search_spaces, space, valid_choices

from nascompile_runtime.architecture import Choice, to_json
from nascompile_runtime.controllers.evolution import EvolutionController
from nascompile_runtime.controllers.random import RandomController
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options


def controller(population_size: int, tournament_size: int = 1, seed: int = 0) -> EvolutionController:
    return EvolutionController(Options(seed=seed, population_size=population_size, tournament_size=tournament_size))


def alone(spaces: list[LayerSpace], parent: Any, seed: int) -> EvolutionController:
    """A controller whose population is that parent, so that all it proposes are the parent's children."""
    lonely = controller(1, seed=seed)
    lonely.propose(0, spaces)
    lonely.observe(parent, 0.5)
    return lonely


def rewards_of(evolution: EvolutionController) -> list[float]:
    return [member["reward"] for member in evolution.state()["population"]]


def decisions(chosen: tuple[Choice, ...]) -> list[Any]:
    return [decision for each in chosen for decision in (each.candidate, each.inputs)]


def test_first_proposals_are_those_of_the_random_controller() -> None:
    spaces = [space(100, 8, 0, 8)]
    evolution, uniform = controller(20, seed=3), RandomController(Options(seed=3))
    for request in range(20):
        proposed = evolution.propose(request, spaces)
        assert proposed == uniform.propose(request, spaces)
        evolution.observe(proposed, 1.0)
    assert evolution.propose(20, spaces) != uniform.propose(20, spaces)


def test_the_oldest_dies_whatever_it_is_worth() -> None:
    spaces = [space(3)]
    evolution = controller(4)
    for request, reward in enumerate([9.0, 1.0, 8.0, 2.0, 3.0, 4.0]):
        evolution.observe(evolution.propose(request, spaces), reward)
    assert rewards_of(evolution) == [8.0, 2.0, 3.0, 4.0]


def test_age_is_that_of_the_reward_not_of_the_request() -> None:
    spaces = [space(1000)]
    evolution = controller(3)
    proposed = [evolution.propose(request, spaces) for request in range(5)]
    for late in (3, 0, 4, 1):  # 2 never gets one
        evolution.observe(proposed[late], float(late))
    members = evolution.state()["population"]
    assert [member["architecture"] for member in members] == [proposed[0], proposed[4], proposed[1]]


def test_reward_that_is_not_finite_makes_no_member() -> None:
    spaces = [space(3)]
    evolution = controller(4)
    for request, reward in enumerate([1.0, math.nan, math.inf, 2.0, -math.inf]):
        evolution.observe(evolution.propose(request, spaces), reward)
    assert rewards_of(evolution) == [1.0, 2.0]


def test_proposals_stay_uniform_where_no_reward_ever_came() -> None:
    spaces = [space(1000)]
    evolution, uniform = controller(2), RandomController(Options())
    assert [evolution.propose(request, spaces) for request in range(9)] == [
        uniform.propose(request, spaces) for request in range(9)
    ]


def test_parent_is_the_best_of_a_tournament_drawn_with_replacement() -> None:
    """Of 4 members the one of rank i from below wins a tournament of 2 with probability (i^2 - (i-1)^2) / 16."""
    spaces = [space(1000, layer="name"), space(2, layer="bit")]
    number = 1600
    evolution = controller(4, tournament_size=2)
    for member in range(4):
        evolution.propose(member, spaces)
        evolution.observe(to_json(zip(spaces, (Choice(member, ()), Choice(0, ())), strict=True)), float(member))
    winners: Counter[int] = Counter()
    for request in range(4, 4 + number):
        name, bit = choices(evolution.propose(request, spaces), spaces)
        if bit.candidate == 1:  # else it is the name that was mutated
            winners[name.candidate] += 1
    total = sum(winners.values())
    assert abs(total - number / 2) < 4 * math.sqrt(number) / 2
    expected = [total * odd / 16 for odd in (1, 3, 5, 7)]
    assert sum((winners[i] - each) ** 2 / each for i, each in enumerate(expected)) < chi2.ppf(0.999, 3)


@settings(max_examples=60, deadline=None)
@given(spaces=search_spaces(), seed=st.integers(0, 2**40))
def test_child_differs_from_its_parent_in_one_decision(spaces: list[LayerSpace], seed: int) -> None:
    parent = RandomController(Options(seed=seed)).propose(0, spaces)
    evolution = alone(spaces, parent, seed)
    before = decisions(choices(parent, spaces))
    has_choice = any(len(valid_choices(each)) > 1 for each in spaces)
    for request in range(1, 6):
        after = decisions(choices(evolution.propose(request, spaces), spaces))
        changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
        assert len(changed) == has_choice
        for one, other in changed:
            if isinstance(one, tuple):
                assert len(set(one) - set(other)) <= 1
                assert len(set(other) - set(one)) <= 1


def test_decisions_are_mutated_equally_often_and_become_any_other_value() -> None:
    spaces = [space(1, layer="none"), space(4, layer="candidate"), space(3, 3, 1, 2, "both")]
    start = (Choice(0, ()), Choice(1, ()), Choice(2, (1,)))
    evolution = alone(spaces, to_json(zip(spaces, start, strict=True)), 0)
    children = Counter(choices(evolution.propose(request, spaces), spaces) for request in range(1, 1801))
    third = {
        "candidate": [(start[0], Choice(other, ()), start[2]) for other in (0, 2, 3)],
        "both": [(start[0], start[1], Choice(other, (1,))) for other in (0, 1)],
        "inputs": [(start[0], start[1], Choice(2, other)) for other in ((0, 1), (1, 2), (0,), (2,))],
    }
    assert set(children) == {child for each in third.values() for child in each}
    expected = {child: 600 / len(each) for each in third.values() for child in each}
    statistic = sum((children[child] - each) ** 2 / each for child, each in expected.items())
    assert statistic < chi2.ppf(0.999, len(expected) - 1)


def test_layer_that_the_parent_lacks_or_had_otherwise_is_drawn() -> None:
    old = [space(2, layer="kept"), space(50, layer="edited")]
    evolution = alone(old, to_json(zip(old, (Choice(1, ()), Choice(49, ())), strict=True)), 0)
    edited = [old[0], space(40, layer="edited"), space(40, layer="new")]
    drawn = [choices(evolution.propose(request, edited), edited) for request in range(1, 200)]
    assert len({each[1] for each in drawn}) > 30
    assert len({each[2] for each in drawn}) > 30
    assert {each[0].candidate for each in drawn} == {0}  # the one decision that is left to mutate


def test_request_keeps_its_parent_while_rewards_come_in() -> None:
    spaces = [space(1000, layer=f"h{number}") for number in range(3)]
    evolution = controller(1)
    parents = [to_json((each, Choice(number, ())) for each in spaces) for number in (1, 2)]
    evolution.observe(parents[0], 0.1)
    first = choices(evolution.propose(1, spaces[:1]), spaces[:1])
    evolution.observe(parents[1], 0.9)
    rest = choices(evolution.propose(1, spaces[1:]), spaces[1:])
    assert [each.candidate for each in first + rest].count(1) >= 2
