"""Golden files that need no TensorFlow, run: values flow as an architecture says, and classic does what fixed does."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from golden_cases import CASES, Case, starting_value

from nascompile.api import compile_source
from nascompile.search_space import LayerSpace, SearchSpace
from nascompile_runtime import parameters

# What `result` is when a file has run on its starting architecture, reckoned by hand.
RESULTS: dict[str, object] = {
    "class_body": 2 * (10 + 5),
    "default_assignment": (2, 5, 5, 8, {"last": 8}),
    "default_in_line": 2 + 2,
    "function_choices": (
        3 * math.sin(0.5),
        [("one", 1), {"b": ("one", 1)}],
        1,
        (f"n{('1', 3 * math.sin(0.5))}", [1]),
    ),
    "expressions": ([12 + 7, 7 - 1 + 2, 4, 1, 2, 3], 7),
    "loop": 2 * 2 * (10 + 11 + 12 + 13 + 0.5),
    "starred_arguments": 3 * (1 + 2 + 3 + 1 + 2 + (1 + 2 + 10 + 1 + 2) + 100),
    "starts_with_def": 2 + 1 + 1 + 1,
    "variables": (16, 1e-4, "relu", [1, 0.0], (1, 1.0, 0.0, 0.0, 1.0, 1.0)),
    "variables_start_with_def": 1 + 3 + 3,
    "variables_together": (1, 2, "a", [range(3)], 5, "x", ["y"], "xy", 1, 2, 3),
}
WITH_DEFAULTS = ("default_assignment", "default_in_line")

each_that_runs = pytest.mark.parametrize("case", [case for case in CASES if case.name in RESULTS], ids=str)


@pytest.fixture(autouse=True)
def _without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variable scopes are opened only where TensorFlow is loaded, and another test may have loaded it."""
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)


@pytest.fixture
def run_classic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return what runs a case's classic code on an architecture, and gives its names."""

    def run_on(case: Case, architecture: dict[str, Any]) -> dict[str, Any]:
        given = tmp_path / "architecture.json"
        given.write_text(json.dumps(architecture), encoding="utf-8")
        monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(given))
        parameters.reset()
        return _run(case.golden("classic"))

    return run_on


def test_every_file_that_runs_is_a_case() -> None:
    assert RESULTS.keys() <= {case.name for case in CASES}


@each_that_runs
def test_classic_builds_the_starting_architecture(case: Case, run_classic: Any) -> None:
    assert run_classic(case, case.architecture())["result"] == RESULTS[case.name]


@each_that_runs
def test_fixed_is_the_starting_architecture(case: Case) -> None:
    assert _run(case.golden("fixed"))["result"] == RESULTS[case.name]


@pytest.mark.parametrize("case", [case for case in CASES if case.name in WITH_DEFAULTS], ids=str)
def test_annotated_file_with_defaults_runs_as_it_is(case: Case) -> None:
    assert _run(case.input)["result"] == RESULTS[case.name]


@each_that_runs
def test_classic_does_what_fixed_code_does_on_other_architectures(case: Case, run_classic: Any) -> None:
    results = []
    architectures = list(_architectures(case.analysed().search_space))
    for architecture in architectures[:: 1 + len(architectures) // 12]:
        fixed = compile_source(case.input, module="input", mode="fixed", architecture=architecture).output
        assert fixed is not None
        results.append(_result_or_error(lambda code=fixed: _run(code)))
        assert _result_or_error(lambda choice=architecture: run_classic(case, choice)) == results[-1], architecture
    assert len({repr(one) for one in results}) > 1, "the architectures make a difference"


def test_awaited_and_yielded_arguments_flow(run_classic: Any) -> None:
    case = next(case for case in CASES if case.name == "expressions")
    for names in (run_classic(case, case.architecture()), _run(case.golden("fixed"))):
        assert asyncio.run(names["build"](5)) == [5 + 10, 0, 3**2, 1, 3]
        steps = names["generate"]()
        asked = [next(steps), steps.send(10)]
        assert sorted(asked) == [1, 2]
        answer = steps.send(20)
        assert answer in ([20, 0, 0, 10], [10, 0, 0, 20])


def test_classes_keep_no_name_of_the_runtime(run_classic: Any) -> None:
    case = next(case for case in CASES if case.name == "starts_with_def")
    net = run_classic(case, case.architecture())["Net"]
    own = {name for name in vars(net) if not name.startswith("__")}
    assert own == {"one", "two", "three", "four", "five", "six", "build"}
    assert net.__doc__.startswith("The file has no line")


def _run(code: bytes) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "input"}
    exec(compile(code, "input.py", "exec", dont_inherit=True), names)
    return names


def _result_or_error(run: Any) -> object:
    """Return `result`, or the kind of error where the user's code does not run on an architecture."""
    try:
        return run()["result"]
    except TypeError as error:
        return type(error)


def _architectures(space: SearchSpace) -> Iterator[dict[str, Any]]:
    """Yield the architectures of a space."""
    keys = [(block, layer) for block, layer, _ in space.layers()]
    choices = [list(_choices(one)) for _, _, one in space.layers()]
    values = [one.arguments if one.function == "choice" else (starting_value(one),) for one in space.variables.values()]
    for chosen in product(*choices, *values):
        architecture: dict[str, Any] = dict(zip(space.variables, chosen[len(keys) :], strict=True))
        for (block, layer), choice in zip(keys, chosen, strict=False):
            architecture.setdefault(block, {})[layer] = choice
        yield architecture


def _choices(space: LayerSpace) -> Iterator[dict[str, Any]]:
    low, high = space.sizes
    for candidate in space.candidates:
        for size in range(low, high + 1):
            for inputs in combinations(space.optional_inputs, size):
                yield {"chosen_layer": candidate, "chosen_inputs": list(inputs)}
