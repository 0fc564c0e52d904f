"""The flat space: every sample spells a valid architecture, each is reached as often, and the runtime agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile import flat_space as compiler_flat
from nascompile.flat_space import SampleError, architecture_of, flat_space
from nascompile.search_space import LayerSpace, SearchSpace, check_architecture
from nascompile_runtime import architecture as runtime_architecture
from nascompile_runtime import flat as runtime_flat
from nascompile_runtime.layer import LayerSpace as RuntimeLayerSpace

CELLS = 2**53


def layer(candidates: int, inputs: int = 0, low: int = 0, high: int = 0) -> LayerSpace:
    return LayerSpace(
        tuple(f"f(size={number})" for number in range(candidates)),
        tuple(f"x[{number}]" for number in range(inputs)),
        (low, high),
    )


def alone(choices: LayerSpace) -> SearchSpace:
    return SearchSpace({"b": {"h": choices}})


def in_runtime(block: str, name: str, choices: LayerSpace) -> RuntimeLayerSpace:
    return RuntimeLayerSpace(block, name, choices.candidates, choices.optional_inputs, choices.sizes)


def lower_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have small spaces use the code that is meant for large ones."""
    for module in (compiler_flat, runtime_flat):
        monkeypatch.setattr(module, "LARGEST_CHOICE", 1)


def size_parts(choices: LayerSpace) -> dict[int, int]:
    """Return how many of the 2**53 cells of [0, 1) give each size, by bisection (it grows with the number)."""
    low, high = choices.sizes
    ends = []
    for size in range(low, high):
        lower, upper = 0, CELLS
        while lower < upper:
            middle = (lower + upper) // 2
            if compiler_flat._size(middle / CELLS, len(choices.optional_inputs), low, high) > size:
                upper = middle
            else:
                lower = middle + 1
        ends.append(lower)
    bounds = [0, *ends, CELLS]
    return {low + position: after - before for position, (before, after) in enumerate(pairwise(bounds))}


layers = st.builds(
    lambda candidates, inputs, sizes: layer(candidates, inputs, *sorted(size % (inputs + 1) for size in sizes)),
    st.integers(1, 4),
    st.integers(0, 9),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
)


def draw(decision: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Whatever a tuner may draw, the ends included."""
    if decision["_type"] == "choice":
        return st.sampled_from(decision["_value"])
    if decision["_type"] == "uniform":
        return st.floats(*decision["_value"])
    low, high = decision["_value"]
    return st.integers(low, high - 1)


def test_small_layers_are_choices_and_what_leaves_nothing_to_choose_has_no_key() -> None:
    space = SearchSpace(
        {
            "trial/Net.build": {"one": layer(1), "all": layer(1, 2, 2, 2), "h": layer(2, 2, 0, 1)},
            "trial": {"self.h": layer(3, 3, 2, 2)},
        }
    )
    flat = flat_space(space)
    assert flat == {
        "trial/Net.build/h/layer_choice": {"_type": "choice", "_value": ["f(size=0)", "f(size=1)"]},
        "trial/Net.build/h/optional_inputs": {"_type": "choice", "_value": ["[]", '["x[0]"]', '["x[1]"]']},
        "trial/self.h/layer_choice": {"_type": "choice", "_value": ["f(size=0)", "f(size=1)", "f(size=2)"]},
        "trial/self.h/optional_inputs": {
            "_type": "choice",
            "_value": ['["x[0]", "x[1]"]', '["x[0]", "x[2]"]', '["x[1]", "x[2]"]'],
        },
    }
    sample = {key: decision["_value"][-1] for key, decision in flat.items()} | {"a key": "of someone else"}
    assert architecture_of(sample, space) == {
        "trial/Net.build": {
            "one": {"chosen_layer": "f(size=0)", "chosen_inputs": []},
            "all": {"chosen_layer": "f(size=0)", "chosen_inputs": ["x[0]", "x[1]"]},
            "h": {"chosen_layer": "f(size=1)", "chosen_inputs": ["x[1]"]},
        },
        "trial": {"self.h": {"chosen_layer": "f(size=2)", "chosen_inputs": ["x[1]", "x[2]"]}},
    }


def test_what_nni_takes_for_a_comment_is_encoded() -> None:
    choices = LayerSpace(("f(n//2)", "f('#')", "f(5 % 2)", "f('\u2028')"), ("x[n///2]", "y"), 1)
    space = SearchSpace({"trial/Net.build#2": {'d["#"]': choices}})
    key = 'trial/Net.build%232/d["%23"]'
    assert flat_space(space) == {
        f"{key}/layer_choice": {
            "_type": "choice",
            "_value": ["f(n/%2F2)", "f('%23')", "f(5 %25 2)", "f('%E2%80%A8')"],
        },
        f"{key}/optional_inputs": {"_type": "choice", "_value": ['["x[n/%2F%2F2]"]', '["y"]']},
    }
    for number, candidate in enumerate(choices.candidates):
        sample = {
            f"{key}/layer_choice": flat_space(space)[f"{key}/layer_choice"]["_value"][number],
            f"{key}/optional_inputs": '["x[n/%2F%2F2]"]',
        }
        chosen = architecture_of(sample, space)["trial/Net.build#2"]['d["#"]']
        assert chosen == {"chosen_layer": candidate, "chosen_inputs": ["x[n///2]"]}
        where = in_runtime("trial/Net.build#2", 'd["#"]', choices)
        assert runtime_flat.choice_of_sample(sample, where) == runtime_architecture.Choice(number, (0,))


def test_many_sets_of_inputs_are_a_code_of_fixed_length() -> None:
    assert flat_space(alone(layer(1, 7, 0, 7))) == {
        "b/h/input_count": {"_type": "uniform", "_value": [0, 1]},
        **{f"b/h/input_{number}": {"_type": "randint", "_value": [0, 8 - number]} for number in range(1, 7)},
    }
    assert list(flat_space(alone(layer(1, 9, 4, 4)))) == [f"b/h/input_{number}" for number in range(1, 5)]
    assert len(flat_space(alone(layer(1, 6, 0, 6)))["b/h/optional_inputs"]["_value"]) == 64


@settings(deadline=None)
@given(st.data(), layers, st.booleans())
def test_every_sample_spells_a_valid_architecture_and_the_runtime_reads_the_same(
    data: st.DataObject, choices: LayerSpace, is_code: bool
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        if is_code:
            lower_limit(monkeypatch)
        space = alone(choices)
        sample = {key: data.draw(draw(decision), key) for key, decision in flat_space(space).items()}
        architecture = architecture_of(sample, space)
        assert not list(check_architecture(architecture, space))
        where = in_runtime("b", "h", choices)
        expected = runtime_architecture.choice_of(architecture, where)
        assert runtime_flat.choice_of_sample(sample, where) == expected
        assert architecture_of(json.loads(json.dumps(sample)), space) == architecture


@pytest.mark.parametrize("choices", [layer(3, 4, 0, 4), layer(2, 5, 2, 3), layer(1, 4, 1, 4), layer(4, 5, 3, 3)])
@pytest.mark.parametrize("is_code", [False, True])
def test_each_architecture_is_reached_as_often(
    monkeypatch: pytest.MonkeyPatch, choices: LayerSpace, is_code: bool
) -> None:
    if is_code:
        lower_limit(monkeypatch)
    space = alone(choices)
    parts = size_parts(choices)
    within = {size: sum(list(parts.values())[:position]) for position, size in enumerate(parts)}
    values: list[list[tuple[Any, Fraction]]] = []
    for decision in flat_space(space).values():
        if decision["_type"] == "uniform":
            values.append([(within[size] / CELLS, Fraction(part, CELLS)) for size, part in parts.items()])
        else:
            low, high = decision["_value"] if decision["_type"] == "randint" else (0, len(decision["_value"]))
            allowed = range(low, high) if decision["_type"] == "randint" else decision["_value"]
            values.append([(value, Fraction(1, high - low)) for value in allowed])
    probabilities: defaultdict[str, Fraction] = defaultdict(Fraction)
    for drawn in product(*values):
        sample = dict(zip(flat_space(space), (value for value, _ in drawn), strict=True))
        probabilities[json.dumps(architecture_of(sample, space))] += prod(share for _, share in drawn)
    low, high = choices.sizes
    valid = {
        json.dumps({"b": {"h": {"chosen_layer": candidate, "chosen_inputs": list(inputs)}}})
        for candidate in choices.candidates
        for size in range(low, high + 1)
        for inputs in combinations(choices.optional_inputs, size)
    }
    assert set(probabilities) == valid
    assert len(valid) == space.size()
    bound = Fraction(high - low + 1, CELLS) if is_code else 0
    assert all(abs(share - Fraction(1, len(valid))) <= bound for share in probabilities.values())


@pytest.mark.parametrize(("inputs", "low", "high"), [(8, 0, 8), (60, 0, 60), (60, 3, 55), (150, 20, 80), (2000, 0, 9)])
def test_no_size_is_favoured_by_more_than_rounding_and_none_is_lost(inputs: int, low: int, high: int) -> None:
    choices = layer(1, inputs, low, high)
    for size, part in size_parts(choices).items():
        share = Fraction(layer(1, inputs, size, size).size(), choices.size())
        assert abs(part - share * CELLS) < high - low + 1
        assert part >= 1


def test_a_tuner_that_rounds_up_to_one_gets_the_largest_size() -> None:
    choices = layer(1, 9, 0, 9)
    zeros = dict.fromkeys(flat_space(alone(choices)), 0)
    assert len(architecture_of(zeros | {"b/h/input_count": 1.0}, alone(choices))["b"]["h"]["chosen_inputs"]) == 9
    assert architecture_of(zeros, alone(choices))["b"]["h"]["chosen_inputs"] == []


@pytest.mark.parametrize(
    ("choices", "change", "message"),
    [
        (
            layer(2),
            {"b/h/layer_choice": "f(size=9)"},
            "'b/h/layer_choice' is 'f(size=9)'; it must be one of 'f(size=0)', 'f(size=1)' (did you mean 'f(size=1)'?)",
        ),
        (layer(2), {"b/h/layer_choice": ["f"]}, "it must be one of 'f(size=0)', 'f(size=1)'"),
        (layer(1, 2, 1, 1), {"b/h/optional_inputs": 0}, """it must be one of '["x[0]"]', '["x[1]"]'"""),
        (layer(30), {"b/h/layer_choice": "q"}, "'f(size=9)' and 20 more"),
        (layer(1, 9, 0, 9), {"b/h/input_count": -0.1}, "'b/h/input_count' is -0.1; it must be a number from 0 to 1"),
        (layer(1, 9, 0, 9), {"b/h/input_count": float("nan")}, "it must be a number from 0 to 1"),
        (layer(1, 9, 0, 9), {"b/h/input_count": "0.5"}, "it must be a number from 0 to 1"),
        (layer(1, 9, 4, 4), {"b/h/input_2": 8}, "'b/h/input_2' is 8; it must be a whole number from 0 to 7"),
        (layer(1, 9, 4, 4), {"b/h/input_2": 1.5}, "it must be a whole number from 0 to 7"),
        (layer(1, 9, 4, 4), {"b/h/input_2": True}, "it must be a whole number from 0 to 7"),
        (layer(2), {"b/h/layer_choice": None}, "'b/h/layer_choice' is None; it must be one of"),
    ],
)
def test_an_error_names_the_key_and_what_is_allowed(choices: LayerSpace, change: dict[str, Any], message: str) -> None:
    sample = dict.fromkeys(flat_space(alone(choices)), 0) | change
    with pytest.raises(SampleError) as error:
        architecture_of(sample, alone(choices))
    assert message in str(error.value)
    with pytest.raises(runtime_architecture.ArchitectureError) as runtime_error:
        runtime_flat.choice_of_sample(sample, in_runtime("b", "h", choices))
    assert str(runtime_error.value) == str(error.value)


@pytest.mark.parametrize("choices", [layer(2), layer(1, 3, 0, 3), layer(1, 9, 0, 9), layer(1, 9, 4, 4)])
def test_a_missing_key_is_named(choices: LayerSpace) -> None:
    key = next(iter(flat_space(alone(choices))))
    sample = {key.upper(): 0, "else": 1}
    with pytest.raises(SampleError, match=f"^the sample has no '{key}'; it is (one of|a)") as error:
        architecture_of(sample, alone(choices))
    with pytest.raises(runtime_architecture.ArchitectureError) as runtime_error:
        runtime_flat.choice_of_sample(sample, in_runtime("b", "h", choices))
    assert str(runtime_error.value) == str(error.value)


def test_command_line_writes_it() -> None:
    source = "# @nni.mutable_layer(layer_choice=[f(), g()], optional_inputs=[x], optional_input_size=[0, 1])\nh = 0\n"
    source += "f = g = x = h\n"
    done = subprocess.run(
        [sys.executable, "-m", "nascompile", "space", "--flat", "-"],
        input=source,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {
        "stdin/h/layer_choice": {"_type": "choice", "_value": ["f()", "g()"]},
        "stdin/h/optional_inputs": {"_type": "choice", "_value": ["[]", '["x"]']},
    }


def test_picks_beyond_the_number_of_inputs_are_not_looked_at() -> None:
    choices = layer(1, 9, 0, 9)
    sample = {"b/h/input_count": 0.0, "b/h/input_9": "nonsense"}
    assert architecture_of(sample, alone(choices))["b"]["h"]["chosen_inputs"] == []
