"""What holds for every controller: proposals are valid, each valid one can come, states continue exactly."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from searches import choices, search_spaces, space, valid_choices

from nascompile_runtime.controllers import Controller, create_controller
from nascompile_runtime.controllers.base import CONTROLLERS
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options

OPTIONS = Options(population_size=4, tournament_size=2)

every_controller = pytest.mark.parametrize("name", sorted(CONTROLLERS))


def reward_of(architecture: Any) -> float:
    """Some reward that depends on nothing but the architecture."""
    return len(json.dumps(architecture)) % 7 / 7


def go_on(controller: Controller, spaces: list[LayerSpace], requests: range) -> list[Any]:
    proposals = []
    for request in requests:
        proposals.append(controller.propose(request, spaces))
        controller.observe(proposals[-1], reward_of(proposals[-1]))
    return proposals


@every_controller
@settings(max_examples=25, deadline=None)
@given(
    spaces=search_spaces(), seed=st.integers(-(2**40), 2**40), rewards=st.lists(st.floats(), min_size=15, max_size=15)
)
def test_every_proposal_is_valid_whatever_the_rewards(
    name: str, spaces: list[LayerSpace], seed: int, rewards: list[float]
) -> None:
    controller = create_controller(name, Options(seed=seed, population_size=4, tournament_size=2))
    for request, reward in enumerate(rewards):
        proposed = controller.propose(request, spaces)
        choices(proposed, spaces)
        controller.observe(proposed, reward)


@every_controller
@pytest.mark.parametrize(
    "spaces",
    [
        [space(3, 3, 0, 3, "one"), space(2, layer="two")],
        [space(1, 4, 2, 2, "one"), space(3, 3, 1, 2, "two")],
        [space(1, 2, 2, 2)],
    ],
)
def test_each_valid_architecture_is_reached(name: str, spaces: list[LayerSpace]) -> None:
    controller = create_controller(name, OPTIONS)
    valid = set(product(*map(valid_choices, spaces)))
    reached = set()
    for request in range(30 * len(valid)):
        proposed = controller.propose(request, spaces)
        reached.add(choices(proposed, spaces))
        controller.observe(proposed, 0.5)
    assert reached == valid


@every_controller
@settings(max_examples=15, deadline=None)
@given(spaces=search_spaces(), before=st.integers(0, 12), data=st.data())
def test_restored_controller_goes_on_with_the_same_proposals(
    name: str, spaces: list[LayerSpace], before: int, data: st.DataObject
) -> None:
    controller = create_controller(name, OPTIONS)
    go_on(controller, spaces, range(before))
    early = spaces[: data.draw(st.integers(0, len(spaces)))]
    controller.propose(before, early)  # the state may be taken amid a request, before its last layers come up
    other = create_controller(name, Options(seed=99, population_size=4, tournament_size=2))
    go_on(other, spaces, range(3))
    other.restore(json.loads(json.dumps(controller.state(), allow_nan=False)))
    requests = range(before, before + 10)
    assert go_on(other, spaces, requests) == go_on(controller, spaces, requests)
    assert other.state() == controller.state()


@every_controller
def test_a_state_does_not_move_with_its_controller(name: str) -> None:
    spaces = [space(4, 3, 0, 3)]
    controller = create_controller(name, OPTIONS)
    go_on(controller, spaces, range(6))
    state = controller.state()
    before = json.dumps(state)
    go_on(controller, spaces, range(6, 12))
    assert json.dumps(state) == before


@every_controller
def test_layers_that_come_up_one_at_a_time_get_the_same_choices(name: str) -> None:
    spaces = [space(50, 4, 0, 4, layer) for layer in ("one", "two", "three")]
    at_once, one_by_one, backwards = (create_controller(name, OPTIONS) for _ in range(3))
    for each in (at_once, one_by_one, backwards):
        go_on(each, spaces, range(6))
    proposed = at_once.propose(6, spaces)["b"]
    assert {each.layer: one_by_one.propose(6, [each])["b"][each.layer] for each in spaces} == proposed
    assert {each.layer: backwards.propose(6, [each])["b"][each.layer] for each in reversed(spaces)} == proposed


@every_controller
@pytest.mark.parametrize("reward", [math.nan, math.inf, -math.inf])
def test_rewards_that_are_not_finite_teach_nothing(name: str, reward: float) -> None:
    spaces = [space(4, 3, 0, 3)]
    controller, undisturbed = create_controller(name, OPTIONS), create_controller(name, OPTIONS)
    go_on(undisturbed, spaces, range(10))
    for request in range(10):
        proposed = controller.propose(request, spaces)
        controller.observe(proposed, reward)
        controller.observe(proposed, reward_of(proposed))
    assert controller.state() == undisturbed.state()


@every_controller
def test_seeds_lead_to_different_proposals(name: str) -> None:
    spaces = [space(1000)]
    runs = [go_on(create_controller(name, Options(seed=seed)), spaces, range(5)) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@every_controller
def test_proposals_are_the_same_in_every_process(name: str) -> None:
    program = (
        "from test_controllers import *\n"
        f"print(go_on(create_controller({name!r}, OPTIONS), [space(9, 3, 0, 3), space(9, layer='g')], range(12))[-1])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": os.pathsep.join([*sys.path, os.path.dirname(__file__)]), "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(outputs) == 1


@every_controller
def test_controller_that_is_never_asked_does_not_load_numpy(name: str) -> None:
    program = (
        "import sys\n"
        "from nascompile_runtime.backends.standalone import open_backend\n"
        "open_backend()\n"
        "assert 'numpy' not in sys.modules"
    )
    config = {"PYTHONPATH": os.pathsep.join(sys.path), "NASCOMPILE_CONFIG": json.dumps({"controller": name})}
    subprocess.run([sys.executable, "-c", program], env=config, check=True)
