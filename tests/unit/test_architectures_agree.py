"""Compiler and runtime never import each other, and must still call the same architectures valid."""

from __future__ import annotations

from typing import Any

import pytest

from nascompile.search_space import LayerSpace, SearchSpace, check_architecture
from nascompile_runtime.architecture import ArchitectureError, choice_of
from nascompile_runtime.layer import LayerSpace as RuntimeSpace

ONE_OF_TWO = LayerSpace(("conv()", "pool()"), ("a", "b"), 1)
UP_TO_TWO = LayerSpace(("conv()", "pool()"), ("a", "b"), (0, 2))
NO_INPUTS = LayerSpace(("conv()", "pool()"))

CASES: list[tuple[LayerSpace, Any, bool]] = [
    (NO_INPUTS, {"chosen_layer": "conv()"}, True),
    (NO_INPUTS, {"chosen_layer": "conv()", "chosen_inputs": []}, True),
    (NO_INPUTS, {"chosen_layer": "conv()", "chosen_inputs": ["a"]}, False),
    (NO_INPUTS, {"chosen_layer": "conv"}, False),
    (NO_INPUTS, {"chosen_inputs": []}, False),
    (NO_INPUTS, {"chosen_layer": 0}, False),
    (NO_INPUTS, {"chosen_layer": ["conv()"]}, False),
    (NO_INPUTS, {"chosen_layer": "conv()", "chosen_layers": "conv()"}, False),
    (NO_INPUTS, "conv()", False),
    (NO_INPUTS, None, False),
    (ONE_OF_TWO, {"chosen_layer": "pool()", "chosen_inputs": ["b"]}, True),
    (ONE_OF_TWO, {"chosen_layer": "pool()", "chosen_inputs": []}, False),
    (ONE_OF_TWO, {"chosen_layer": "pool()", "chosen_inputs": ["a", "b"]}, False),
    (ONE_OF_TWO, {"chosen_layer": "pool()", "chosen_inputs": "a"}, False),
    (ONE_OF_TWO, {"chosen_layer": "pool()", "chosen_inputs": ["c"]}, False),
    (ONE_OF_TWO, {"chosen_layer": "pool()", "chosen_inputs": [["a"]]}, False),
    (ONE_OF_TWO, {"chosen_layer": "pool()"}, False),
    (UP_TO_TWO, {"chosen_layer": "pool()"}, False),
    (UP_TO_TWO, {"chosen_layer": "pool()", "chosen_inputs": []}, True),
    (UP_TO_TWO, {"chosen_layer": "pool()", "chosen_inputs": ["b", "a"]}, True),
    (UP_TO_TWO, {"chosen_layer": "pool()", "chosen_inputs": ["a", "a"]}, False),
    (UP_TO_TWO, {"chosen_layer": "pool()", "chosen_inputs": None}, False),
]


@pytest.mark.parametrize(("space", "choice", "valid"), CASES)
def test_both_sides_agree_on_what_is_valid(space: LayerSpace, choice: Any, valid: bool) -> None:
    architecture = {"net": {"h": choice}}
    assert (not check_architecture(architecture, SearchSpace({"net": {"h": space}}))) is valid
    runtime_space = RuntimeSpace("net", "h", space.candidates, space.optional_inputs, space.sizes)
    if valid:
        choice_of(architecture, runtime_space)
    else:
        with pytest.raises(ArchitectureError):
            choice_of(architecture, runtime_space)
