"""The seeded controller in the process: uniform over the valid architectures, and the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from searches import space, valid_choices

from nascompile_runtime.architecture import Choice, choice_of
from nascompile_runtime.backends.standalone import StandaloneBackend
from nascompile_runtime.controllers import create_controller
from nascompile_runtime.controllers.base import controller
from nascompile_runtime.controllers.random import RandomController
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options


def draws(where: LayerSpace, number: int, seed: int = 0) -> list[Choice]:
    random = RandomController(Options(seed=seed))
    return [choice_of(random.propose(request, [where]), where) for request in range(number)]


@pytest.mark.parametrize(
    "where", [space(5, 0, 0, 0), space(1, 4, 0, 4), space(3, 4, 1, 2), space(2, 3, 3, 3), space(2, 5, 0, 1)]
)
def test_every_valid_choice_is_drawn_equally_often(where: LayerSpace) -> None:
    valid = valid_choices(where)
    number = 100 * len(valid)
    drawn = Counter(draws(where, number))
    assert set(drawn) == set(valid)
    statistic = sum((drawn[choice] - 100) ** 2 / 100 for choice in valid)
    assert statistic < chi2.ppf(0.999, max(len(valid) - 1, 1))


def test_layers_are_drawn_independently() -> None:
    one, other = space(3, 0, 0, 0, "one"), space(3, 0, 0, 0, "other")
    pairs = Counter(zip(draws(one, 900), draws(other, 900), strict=True))
    statistic = sum((count - 100) ** 2 / 100 for count in pairs.values())
    assert len(pairs) == 9
    assert statistic < chi2.ppf(0.999, 8)


def test_sixty_inputs_are_drawn_without_enumerating_their_subsets() -> None:
    where = space(2, 60, 0, 60)
    sizes = [len(choice.inputs) for choice in draws(where, 400)]
    # Binomial(60, 1/2): the mean of 400 has a standard deviation of 0.19.
    assert abs(sum(sizes) / len(sizes) - 30) < 0.8
    assert all(choice.inputs == tuple(sorted(set(choice.inputs))) for choice in draws(where, 20))


def test_more_subsets_than_any_machine_integer_can_be_drawn() -> None:
    where = space(2, 500, 100, 400)
    assert sum(comb(500, size) for size in range(100, 401)) > 2**400
    assert all(100 <= len(choice.inputs) <= 400 for choice in draws(where, 5))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_what_is_drawn_is_valid(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(0, 12))
    low = data.draw(st.integers(0, inputs))
    where = space(data.draw(st.integers(1, 9)), inputs, low, data.draw(st.integers(low, inputs)))
    seed = data.draw(st.integers(-(2**40), 2**40))
    proposed = RandomController(Options(seed=seed)).propose(data.draw(st.integers(0, 10**6)), [where])
    choice_of(proposed, where)


def test_seed_and_request_change_the_draw() -> None:
    where = space(1000, 0, 0, 0)
    assert len({choice.candidate for choice in draws(where, 50)}) > 40
    assert draws(where, 5, seed=1) != draws(where, 5, seed=2)
    assert draws(where, 5, seed=1) == draws(where, 5, seed=1)


def test_draw_does_not_depend_on_the_order_of_building() -> None:
    spaces = [space(100, 6, 0, 6, layer) for layer in ("one", "two", "three")]
    backend = StandaloneBackend(create_controller("random", Options(seed=3)))
    forward, backward, at_once = backend.take(4), backend.take(4), backend.take(4)
    expected = [forward.choice(each) for each in spaces]
    assert [backward.choice(each) for each in reversed(spaces)] == expected[::-1]
    assert at_once.architecture(spaces) == forward.architecture(spaces)
    assert [at_once.choice(each) for each in spaces] == expected


def test_answer_stays_what_it_was_while_the_controller_goes_on() -> None:
    where = space(1000, 0, 0, 0)
    backend = StandaloneBackend(create_controller("random", Options()))
    answer = backend.take(0)
    first = answer.choice(where)
    backend.take(1).choice(where)
    backend.observe(answer.architecture([where]), 1.0)
    assert answer.choice(where) == first


def test_draw_is_the_same_in_every_process() -> None:
    where = space(1000, 20, 0, 20)
    program = (
        "from nascompile_runtime.controllers.random import RandomController as R\n"
        "from nascompile_runtime.layer import LayerSpace as S\n"
        f"s = S('b', 'h', {where.candidates!r}, {where.inputs!r}, (0, 20))\n"
        "from nascompile_runtime.options import Options as O\n"
        "print(R(O(seed=5)).propose(2, [s]))"
    )
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(RandomController(Options(seed=5)).propose(2, [where]))


def test_state_restores_the_controller() -> None:
    where = space(1000, 0, 0, 0)
    other = RandomController(Options())
    other.restore(RandomController(Options(seed=9)).state())
    assert other.propose(0, [where]) == RandomController(Options(seed=9)).propose(0, [where])


def test_registry_refuses_a_name_that_is_taken() -> None:
    with pytest.raises(ValueError, match="already a controller 'random'"):
        controller("random")(RandomController)


WORKERS = """
import multiprocessing
import sys

from nascompile_runtime.graph import classic


def build():
    choice = [classic.candidate(f"f{i}()", f"h/f{i}", lambda inputs, i=i: i) for i in range(50)]
    print(classic.sub_graph("b", "h", layer_choice=choice), flush=True)


if __name__ == "__main__":
    for _ in range(3):
        classic.get_next_parameter()
    build()
    worker = multiprocessing.get_context(sys.argv[1]).Process(target=build)
    worker.start()
    worker.join()
"""


@pytest.mark.parametrize(
    ("method", "given", "is_told"), [("spawn", "", True), ("fork", "", False), ("spawn", "given.json", False)]
)
def test_worker_that_is_no_fork_says_that_it_does_not_follow_its_parent(
    tmp_path: Path, method: str, given: str, is_told: bool
) -> None:
    (tmp_path / "trial.py").write_text(WORKERS)
    (tmp_path / "given.json").write_text('{"b": {"h": {"chosen_layer": "f7()", "chosen_inputs": []}}}')
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NASCOMPILE_ARCHITECTURE": given}
    command = [sys.executable, "trial.py", method]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    parent, worker = done.stdout.split()
    assert (parent == worker) is not is_told
    assert ("multiprocessing has started this process anew: it begins a search of its own" in done.stderr) is is_told
