"""The spaces of sampled variables: sizes, JSON, the flat form; and compiler and runtime agree on what is valid."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.api import analyse_source, compile_source
from nascompile.flat_space import SampleError, architecture_of, flat_space
from nascompile.search_space import LayerSpace, SearchSpace, check_architecture
from nascompile.variable_space import VariableSpace
from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.flat import value_of_sample
from nascompile_runtime.variables import VariableSpace as RuntimeSpace
from nascompile_runtime.variables import value_of

SPACES = [
    VariableSpace("choice", (1, True, None, "a#b", 0.5, "f(x)")),
    VariableSpace("choice", (1.0, "1")),
    VariableSpace("choice", ("alone",)),
    VariableSpace("randint", (-2, 5)),
    VariableSpace("uniform", (0.25, 0.75)),
    VariableSpace("quniform", (0.5, 9.9, 2)),
    VariableSpace("quniform", (0, 1, 0.1)),
    VariableSpace("loguniform", (1e-5, 0.1)),
    VariableSpace("qloguniform", (1, 1000, 7)),
    VariableSpace("normal", (0, 1)),
    VariableSpace("qnormal", (3, 2, 0.3)),
    VariableSpace("lognormal", (0, 1)),
    VariableSpace("qlognormal", (0, 1, 0.5)),
]
VALUES = [
    *(
        True,
        False,
        None,
        0,
        1,
        1.0,
        -1,
        -2,
        4,
        5,
        4.0,
        0.5,
        0.25,
        0.75,
        0.24,
        0.3,
        0.30000000000000004,
        9.9,
        9.8,
        2,
        1e-5,
    ),
    *("1", "a#b", "f(x)", "f( x)", [], {}, [1], float("nan"), float("inf"), -0.5, 0.45, 7, 1000, 994.0000000001, 1e300),
]


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_both_sides_agree_on_what_is_valid(space: VariableSpace) -> None:
    in_runtime = RuntimeSpace("m/x/f", space.function, space.arguments)
    valid = 0
    for value in VALUES:
        if check_architecture({"m/x/f": value}, SearchSpace({}, {"m/x/f": space})):
            with pytest.raises(ArchitectureError):
                value_of({"m/x/f": value}, in_runtime)
        else:
            value_of({"m/x/f": value}, in_runtime)
            valid += 1
    assert 0 < valid < len(VALUES) or space.arguments == ("alone",)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SPACES), st.integers(0, 2**32))
def test_what_is_drawn_is_valid_and_survives_json_and_the_flat_form(space: VariableSpace, seed: int) -> None:
    key = "m/x#2/f"
    in_runtime = RuntimeSpace(key, space.function, space.arguments)
    value = in_runtime.draw(seed, 0)
    architecture = json.loads(json.dumps({key: value}))
    whole = SearchSpace({}, {key: space})
    assert check_architecture(architecture, whole) == []
    flat = flat_space(whole)
    sample = {name: _coded(value, flat[name]["_value"], space) for name in flat}
    assert architecture_of(sample, whole) == architecture
    assert value_of_sample(sample, in_runtime) == value


def _coded(value: Any, coded: list[Any], space: VariableSpace) -> Any:
    """Return what a tuner would give for a value: of a choice one of the entries as they stand in the file."""
    if space.function != "choice":
        return value
    return next(
        code for code, name in zip(coded, space.arguments, strict=True) if name == value and type(name) is type(value)
    )


def test_flat_space_encodes_texts_and_leaves_out_what_cannot_be_chosen() -> None:
    spaces = {"m/x#2/choice": SPACES[0], "m/y/choice": SPACES[2], "m/z/loguniform": SPACES[7]}
    assert flat_space(SearchSpace({}, spaces)) == {
        "m/x%232/choice": {"_type": "choice", "_value": [1, True, None, "a%23b", 0.5, "f(x)"]},
        "m/z/loguniform": {"_type": "loguniform", "_value": [1e-5, 0.1]},
    }


def test_a_sample_that_spells_no_value_is_refused() -> None:
    space = SearchSpace({}, {"m/x/choice": SPACES[0]})
    for sample, message in [
        ({}, "the sample has no 'm/x/choice'; it is one of"),
        ({"m/x/choice": "f(y)"}, "did you mean `f(x)`?"),
    ]:
        with pytest.raises(SampleError) as raised:
            architecture_of(sample, space)
        assert message in str(raised.value)


@pytest.mark.parametrize(
    ("space", "size"),
    [
        (VariableSpace("choice", (1, 2, 3)), 3),
        (VariableSpace("randint", (-1, 4)), 5),
        (VariableSpace("uniform", (1, 1)), 1),
        (VariableSpace("quniform", (0, 10, 2.5)), 5),
        (VariableSpace("quniform", (0.5, 9.9, 2)), 6),
        (VariableSpace("loguniform", (1, 2)), math.inf),
        (VariableSpace("qnormal", (0, 1, 1)), math.inf),
    ],
)
def test_size_is_the_number_of_values(space: VariableSpace, size: float) -> None:
    assert space.size() == size
    layers = {"b": {"h": LayerSpace(("f()", "g()"))}}
    assert SearchSpace(layers, {"m/x/f": space}).size() == 2 * size


def test_a_space_with_a_continuous_variable_is_infinite_however_large_the_rest_is() -> None:
    inputs = tuple(f"x{number}" for number in range(2000))
    layers = {"b": {"h": LayerSpace(("f()",), inputs, (0, 2000))}}
    assert SearchSpace(layers, {"m/x/f": VariableSpace("normal", (0, 1))}).size() == math.inf


BEFORE = b"""class Net:
    def build(self):
        # @nni.variable(nni.choice(1, 2), name=self.size)
        self.size = 1
        # @nni.variable(nni.choice(1, 2), name=self.size)
        self.size = 1
"""
AFTER = (
    b"""import os
# @nni.variable(nni.choice(3), name=size)
size = 1


def before():
    # @nni.variable(nni.choice(1, 2), name=self.size)
    self.size = 1


"""
    + BEFORE
)


def test_keys_survive_edits_around_them() -> None:
    def keys(source: bytes) -> list[str]:
        return list(analyse_source(source, module="trial").search_space.variables)

    own = [f"trial/Net.build/self.size/choice#{place}of2-97a039" for place in (1, 2)]
    assert keys(BEFORE) == own
    assert keys(AFTER) == ["trial/size/choice", "trial/before/self.size/choice", *own]


def test_fixed_keeps_defaults_without_an_architecture() -> None:
    source = b"from math import *\n# @nni.variable(nni.choice(1, 2), name=x)\nx = (\n  3)\n"
    source += b"# @nni.function_choice(f(), name=f)\nf()\n"
    kept = b"from math import *\n\nx = (\n  3)\n\nf()\n"
    for architecture in (None, {}, {"another/x/choice": 9}):
        compiled = compile_source(source, module="m", mode="fixed", architecture=architecture)
        assert compiled.output == kept
    compiled = compile_source(source, module="m", mode="fixed", architecture={"m/x/choice": 2})
    assert compiled.output == kept.replace(b"3", b"2")
