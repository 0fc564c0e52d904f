"""Sizes of search spaces, and whether architectures lie in them."""

from __future__ import annotations

import copy
import json
from itertools import combinations
from typing import Any

import pytest
from golden_cases import starting_architecture
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.search_space import LayerSpace, SearchSpace, check_architecture

SPACE = SearchSpace(
    {
        "trial/Net.build": {
            "h1": LayerSpace(("conv(size=1)", "conv(size=3)")),
            "h2": LayerSpace(("conv(size=1)", "pool()"), ("x", "h1", "a"), (1, 2)),
        },
        "trial": {"out": LayerSpace(("dense()",), ("h1", "h2"), 2)},
    }
)
START: dict[str, Any] = {
    "trial/Net.build": {
        "h1": {"chosen_layer": "conv(size=1)", "chosen_inputs": []},
        "h2": {"chosen_layer": "conv(size=1)", "chosen_inputs": ["x"]},
    },
    "trial": {"out": {"chosen_layer": "dense()", "chosen_inputs": ["h1", "h2"]}},
}


def test_space_has_the_form_of_nni() -> None:
    assert SPACE.to_json()["trial/Net.build"] == {
        "_type": "mutable_layer",
        "_value": {
            "h1": {"layer_choice": ["conv(size=1)", "conv(size=3)"], "optional_inputs": [], "optional_input_size": 0},
            "h2": {
                "layer_choice": ["conv(size=1)", "pool()"],
                "optional_inputs": ["x", "h1", "a"],
                "optional_input_size": [1, 2],
            },
        },
    }
    assert json.loads(json.dumps(SPACE.to_json())) == SPACE.to_json()


def test_size_counts_architectures() -> None:
    assert SPACE.size() == 2 * (2 * (3 + 3)) * 1
    assert SearchSpace().size() == 1


@given(st.integers(1, 4), st.integers(0, 5), st.data())
@settings(deadline=None)
def test_size_of_a_layer_is_the_number_of_its_choices(candidates: int, inputs: int, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, inputs))
    high = data.draw(st.integers(low, inputs))
    names = tuple("abcde"[:inputs])
    space = LayerSpace(tuple(map(str, range(candidates))), names, (low, high))
    sets = [chosen for size in range(low, high + 1) for chosen in combinations(names, size)]
    assert space.size() == candidates * len(sets)


def test_joined_spaces_keep_their_order() -> None:
    other = SearchSpace({"net": {"h": LayerSpace(("a()", "b()"))}})
    joined = SPACE.joined(other)
    assert [block for block, _, _ in joined.layers()] == ["trial/Net.build", "trial/Net.build", "trial", "net"]
    assert joined.size() == SPACE.size() * 2


def test_starting_architecture_is_the_first_of_everything() -> None:
    assert starting_architecture(SPACE) == START
    assert check_architecture(START, SPACE) == []


def test_other_entries_beside_the_blocks_are_left_alone() -> None:
    beside = {**START, "trial/lr/choice": 0.1, "other/build": {"h": None}}
    assert check_architecture(beside, SPACE) == []


def test_chosen_inputs_are_a_set_and_may_be_left_out_where_none_is_needed() -> None:
    architecture = copy.deepcopy(START)
    architecture["trial"]["out"]["chosen_inputs"] = ["h2", "h1"]
    del architecture["trial/Net.build"]["h1"]["chosen_inputs"]
    assert check_architecture(architecture, SPACE) == []


def _changed(block: str, layer: str, **choice: object) -> dict[str, Any]:
    architecture = copy.deepcopy(START)
    architecture[block][layer].update(choice)
    return architecture


@pytest.mark.parametrize(
    ("architecture", "said"),
    [
        ([], ["an object of blocks"]),
        ({**START, "trial": None}, ["block `trial`", "missing"]),
        ({**START, "trial": []}, ["block `trial`", "an object of layers"]),
        ({"trial": START["trial"], "trial/Net.biuld": {}}, ["`trial/Net.build` is missing", "`trial/Net.biuld`"]),
        ({**START, "trial": {}}, ["block `trial`", "`out` is missing"]),
        ({**START, "trial": {**START["trial"], "in": {}}}, ["block `trial`", "no layer `in`", "`out`"]),
        ({**START, "trial": {"out": "dense()"}}, ["block `trial`", "`out`", "chosen_layer", "'dense()'"]),
        (_changed("trial", "out", chosen="x"), ["`out`", "unknown key `chosen`"]),
        (_changed("trial/Net.build", "h2", chosen_layer="pool"), ["`h2`", "'pool'", "`conv(size=1)`, `pool()`"]),
        (_changed("trial/Net.build", "h2", chosen_layer=1), ["`h2`", "chosen_layer 1", "`pool()`"]),
        (_changed("trial/Net.build", "h2", chosen_inputs="x"), ["`h2`", "chosen_inputs", "a list", "'x'"]),
        (_changed("trial/Net.build", "h2", chosen_inputs=["y"]), ["`h2`", "'y'", "`x`, `h1`, `a`"]),
        (_changed("trial/Net.build", "h2", chosen_inputs=[["x"]]), ["`h2`", "['x']", "`x`, `h1`, `a`"]),
        (_changed("trial/Net.build", "h1", chosen_inputs=["x"]), ["`h1`", "'x'", "none"]),
        (_changed("trial/Net.build", "h2", chosen_inputs=["x", "x"]), ["`h2`", "twice"]),
        (_changed("trial/Net.build", "h2", chosen_inputs=[]), ["`h2`", "0", "1 to 2"]),
        (_changed("trial", "out", chosen_inputs=["h1"]), ["`out`", "1", "2"]),
    ],
)
def test_mistake_names_the_place_the_value_and_what_is_allowed(architecture: object, said: list[str]) -> None:
    (mismatch,) = check_architecture(architecture, SPACE)
    told = f"{mismatch.message} ({mismatch.hint})"
    assert [part for part in said if part not in told] == [], told


def test_all_mistakes_are_told_at_once() -> None:
    architecture = {
        "trial/Net.build": {"h1": {"chosen_layer": "a"}, "h2": {"chosen_layer": "b", "chosen_inputs": ["c", "d"]}}
    }
    assert len(check_architecture(architecture, SPACE)) == 5
