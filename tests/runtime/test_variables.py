"""Sampled variables: drawn by NNI's formulas, taken from what is given, the same wherever one request counts."""

from __future__ import annotations

import importlib
import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from nascompile_runtime import parameters
from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.backends import nni as nni_backend
from nascompile_runtime.backends.nni import NniBackend, SampledAnswer
from nascompile_runtime.backends.standalone import open_backend
from nascompile_runtime.graph import classic
from nascompile_runtime.graph import variables as sharing
from nascompile_runtime.parameters import trial
from nascompile_runtime.variables import VariableSpace

DRAWS = 2000

# The distribution functions of what is drawn, written down from the formulas and not from our code.
CONTINUOUS: list[tuple[str, tuple[float, ...], Any]] = [
    ("uniform", (-1, 3), stats.uniform(-1, 4)),
    ("loguniform", (1e-4, 0.1), stats.loguniform(1e-4, 0.1)),
    ("normal", (2, 0.5), stats.norm(2, 0.5)),
    ("lognormal", (1, 0.5), stats.lognorm(0.5, scale=math.e)),
]
STEPPED: list[tuple[str, tuple[float, ...], Any]] = [
    ("quniform", (0.5, 9.9, 2), stats.uniform(0.5, 9.4)),
    ("qloguniform", (1, 100, 7), stats.loguniform(1, 100)),
    ("qnormal", (2, 5, 1.5), stats.norm(2, 5)),
    ("qlognormal", (1, 1, 2), stats.lognorm(1, scale=math.e)),
]


def drawn(function: str, arguments: Sequence[Any]) -> list[Any]:
    space = VariableSpace("m/x/f", function, tuple(arguments))
    return [space.draw(3, request) for request in range(DRAWS)]


@pytest.mark.parametrize(("function", "numbers", "distribution"), CONTINUOUS)
def test_continuous_values_follow_their_distribution(function: str, numbers: Any, distribution: Any) -> None:
    assert stats.kstest(drawn(function, numbers), distribution.cdf).pvalue > 1e-3


@pytest.mark.parametrize(("function", "numbers", "distribution"), STEPPED)
def test_stepped_values_have_the_weight_of_what_is_rounded_to_them(
    function: str, numbers: Any, distribution: Any
) -> None:
    q = numbers[2]
    values, counts = np.unique(drawn(function, numbers), return_counts=True)
    steps = np.arange(math.floor(min(values) / q) - 1, math.ceil(max(values) / q) + 2)
    weights = distribution.cdf((steps + 0.5) * q) - distribution.cdf((steps - 0.5) * q)
    centres = np.clip(steps * q, *numbers[:2]) if "uniform" in function else steps * q
    expected = np.asarray([weights[np.isclose(centres, value)].sum() for value in values]) * DRAWS
    common = expected > 5
    assert common.sum() > 3
    assert set(np.round(values, 9)) <= set(np.round(centres, 9))
    others = [counts[~common].sum(), DRAWS - expected[common].sum()]
    observed, wanted = [*counts[common], others[0]], [*expected[common], others[1]]
    assert (
        stats.chisquare(observed, np.asarray(wanted) + 1e-9 * (np.asarray(wanted) == 0), sum_check=False).pvalue > 1e-3
    )


@pytest.mark.parametrize(
    ("function", "arguments", "values"),
    [("choice", ("a", True, 1, None), ["a", True, 1, None]), ("randint", (-1, 3), [-1, 0, 1, 2])],
)
def test_each_value_is_drawn_as_often(function: str, arguments: Any, values: list[Any]) -> None:
    counts = [sum(one == value and type(one) is type(value) for one in drawn(function, arguments)) for value in values]
    assert sum(counts) == DRAWS
    assert stats.chisquare(counts).pvalue > 1e-3


def test_a_value_depends_on_seed_request_and_key_alone() -> None:
    def space(key: str) -> VariableSpace:
        return VariableSpace(key, "uniform", (0, 1))

    first = space("m/x/uniform").draw(0, 0)
    code = (
        "from nascompile_runtime.variables import VariableSpace\n"
        "print(VariableSpace('m/x/uniform', 'uniform', (0, 1)).draw(0, 0))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(other) == first
    others = [space("m/x/uniform").draw(1, 0), space("m/x/uniform").draw(0, 1), space("m/y/uniform").draw(0, 0)]
    assert len({first, *others}) == 4


def give(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *architectures: dict[str, Any]) -> None:
    path = tmp_path / "given.json"
    path.write_text(json.dumps(list(architectures)), encoding="utf-8")
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
    parameters.reset()


def pick(mode: Any = classic) -> Any:
    return mode.variable("m/x/choice", "choice", 1, True, None, "t", mode.option("[1, 2]", [1, 2]))


@pytest.mark.parametrize("mode", [classic, sharing])
def test_a_given_name_is_the_option_of_that_name(monkeypatch: Any, tmp_path: Path, mode: Any) -> None:
    for name, value in [(1, 1), (1.0, 1), (True, True), (None, None), ("t", "t"), ("[1, 2]", [1, 2])]:
        give(monkeypatch, tmp_path, {"m/x/choice": name})
        picked = pick(mode)
        assert picked == value
        assert type(picked) is type(value)


def test_numbers_come_in_the_type_of_their_function(monkeypatch: Any, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, {"m/n/randint": 2.0, "m/x/uniform": 1})
    assert repr(classic.variable("m/n/randint", "randint", 0, 3)) == "2"
    assert repr(classic.variable("m/x/uniform", "uniform", 0, 3)) == "1.0"


@pytest.mark.parametrize(
    ("architecture", "message"),
    [
        ({}, "given.json: the architecture has no variable 'm/x/choice'"),
        ({"m/x/choise": 1}, "did you mean 'm/x/choise'"),
        ({"m/x/choice": 2}, "variable 'm/x/choice': 2 is not one of 1, True, None, 't', '[1, 2]'"),
        ({"m/x/choice": "[1, 3]"}, "did you mean '[1, 2]'?"),
        ({"m/x/choice": [1, 2]}, "[1, 2] is not one of"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    monkeypatch: Any, tmp_path: Path, architecture: dict[str, Any], message: str
) -> None:
    give(monkeypatch, tmp_path, architecture)
    with pytest.raises(ArchitectureError) as raised:
        pick()
    assert message in str(raised.value)


def test_only_the_chosen_call_is_made(monkeypatch: Any, tmp_path: Path) -> None:
    made: list[Any] = []
    give(monkeypatch, tmp_path, {"m/f/function_choice": "g(2, k=3)"})
    for mode in (classic, sharing):
        calls = [
            mode.call("f(1)", made.append, 1),
            mode.call("g(2, k=3)", lambda *args, **kwargs: (args, kwargs), 2, k=3),
        ]
        assert mode.function_choice("m/f/function_choice", *calls) == ((2,), {"k": 3})
    assert not made


def test_in_classic_the_request_that_counts_decides(monkeypatch: Any, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, {"m/x/choice": "t"}, {"m/x/choice": None})
    first = [pick(), pick()]
    classic.get_next_parameter()
    assert [*first, pick()] == ["t", "t", None], "the first value makes the first request, as a layer would"


@pytest.mark.parametrize("mode", ["enas", "oneshot", "darts"])
def test_in_a_supernet_the_parameters_that_were_taken_last_decide(monkeypatch: Any, tmp_path: Path, mode: str) -> None:
    module = importlib.import_module(f"nascompile_runtime.graph.{mode}")
    give(monkeypatch, tmp_path, {"m/x/choice": "t"}, {"m/x/choice": None})
    before_any = pick(module)
    seen = []
    for _ in range(3):
        module.get_next_parameter()
        seen.append((pick(module), pick(module)))
    assert (before_any, seen) == ("t", [("t", "t"), (None, None), ("t", "t")])


@pytest.mark.parametrize("mode", ["enas", "oneshot", "darts"])
def test_in_a_supernet_each_request_draws_anew_and_the_first_as_the_start(mode: str) -> None:
    module = importlib.import_module(f"nascompile_runtime.graph.{mode}")
    values = [module.variable("m/x/normal", "normal", 0, 1)]
    for _ in range(5):
        module.get_next_parameter()
        values += [module.variable("m/x/normal", "normal", 0, 1) for _ in range(2)]
    assert values[0] == values[1]
    assert values[1::2] == values[2::2]
    assert len(set(values)) == 5


PHASES = """
import tensorflow.compat.v1 as tf

def one(inputs):
    return inputs[0][0] * 1

def two(inputs):
    return inputs[0][0] * 2

tf.disable_eager_execution()
x = tf.placeholder_with_default(1.0, [])
'''@nni.mutable_layers({layer_choice: [one(), two()], fixed_inputs: [x], layer_output: h})'''
'''@nni.variable(nni.uniform(0, 1), name=rate)'''
rate = 0.5
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(8):
        '''@nni.get_next_parameter(sess)'''
        '''@nni.variable(nni.choice('train', 'validate', 'sample'), name=entry)'''
        entry = 'train'
        r = sess.run(h)
        '''@nni.report_final_result(r)'''
        print("phase", entry, rate)
"""


@pytest.mark.parametrize("mode", ["enas", "oneshot", "darts"])
def test_phases_of_a_trial_alternate_and_what_stands_before_its_loop_stays(tmp_path: Path, mode: str) -> None:
    (tmp_path / "trial.py").write_text(PHASES)
    command = [sys.executable, "-m", "nascompile", "exec", "trial.py", "--mode", mode]
    environment = {**os.environ, "NASCOMPILE_RESULTS": "results.jsonl"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    phases, rates = zip(*(line.split()[1:] for line in done.stdout.splitlines() if line[:5] == "phase"), strict=True)
    assert set(phases) == {"train", "validate", "sample"}
    assert len(set(rates)) == 1
    records = [json.loads(line)["architecture"] for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [record["trial/entry/choice"] for record in records] == list(phases)
    assert {str(record["trial/rate/uniform"]) for record in records} == set(rates)


def test_standalone_requests_draw_anew_and_one_request_draws_once() -> None:
    values = []
    for _ in range(5):
        classic.get_next_parameter()
        values.append([classic.variable("m/x/normal", "normal", 0, 1) for _ in range(3)])
    assert all(len(set(each)) == 1 for each in values)
    assert len({each[0] for each in values}) == 5
    parameters.reset()
    starts = [sharing.variable("m/x/normal", "normal", 0, 1) for _ in range(3)]
    assert len(set(starts)) == 1


def test_reports_say_which_values_they_are_of(monkeypatch: Any, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(results))
    value = pick()
    chosen = classic.function_choice("m/f/function_choice", classic.call("f()", lambda: "f()"))
    classic.report_final_result(1.0)
    reported = json.loads(results.read_text(encoding="utf-8"))["architecture"]
    name = "[1, 2]" if value == [1, 2] else value
    assert reported == {"m/x/choice": name, "m/f/function_choice": chosen}


def test_the_controller_hears_of_layers_alone(monkeypatch: Any) -> None:
    pick()
    heard: list[Any] = []
    monkeypatch.setattr(
        trial().backend, "observe", lambda architecture, reward, **_: heard.append((architecture, reward))
    )
    trial().observe(0.5)
    assert heard == [({}, 0.5)]


SAMPLE = {"m/x%232/choice": "a%23b", "m/n/randint": 2}


def test_nni_gives_values_by_their_flat_keys() -> None:
    answer = SampledAnswer(SAMPLE)
    assert answer.value(VariableSpace("m/x#2/choice", "choice", ("a#b", "c"))) == "a#b"
    assert answer.value(VariableSpace("m/n/randint", "randint", (0, 3))) == 2
    assert answer.value(VariableSpace("m/y/choice", "choice", ("only",))) == "only"
    assert SampledAnswer({"m/x#2/choice": "c"}).value(VariableSpace("m/x#2/choice", "choice", ("a#b", "c"))) == "c"
    for space in (VariableSpace("m/z/choice", "choice", (1, 2)), VariableSpace("m/n/randint", "randint", (0, 2))):
        with pytest.raises(ArchitectureError):
            answer.value(space)


class FakeNni:
    """Answers like `nni` in a trial."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def get_current_parameter(self) -> Any:
        return self.given


def test_nni_may_sample_the_variables_of_a_supernet(monkeypatch: Any) -> None:
    backend = NniBackend(FakeNni(SAMPLE), open_backend(), nni_backend.Ending())
    start = backend.start()
    assert not start.given
    assert start.value(VariableSpace("m/n/randint", "randint", (0, 3))) == 2
    drawn_here = VariableSpace("m/y/uniform", "uniform", (0, 1))
    assert start.value(drawn_here) == open_backend().start().value(drawn_here)
    later = backend.take(3)
    assert not later.given
    assert later.value(VariableSpace("m/n/randint", "randint", (0, 3))) == 2, "one value for all of the trial"
    assert later.value(drawn_here) == open_backend().take(3).value(drawn_here) != start.value(drawn_here)
