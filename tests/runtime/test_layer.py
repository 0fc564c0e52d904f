"""The call that an annotation was compiled to: what it holds, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nascompile_runtime.layer import Layer, LayerError, LayerSpace, candidate


def operation(inputs: list[Any], *args: Any, **kwargs: Any) -> Any:
    return inputs, args, kwargs


CONV = candidate("conv(3, size=1)", "h1/conv", operation, 3, size=1)


def test_candidate_is_called_with_inputs_first_and_then_its_own_arguments() -> None:
    assert CONV.build([["x"], ["a"]]) == ([["x"], ["a"]], (3,), {"size": 1})


def test_candidate_arguments_may_have_any_names() -> None:
    named = candidate("f()", "h1/f", operation, name="n", scope="s", function="f", self=1)
    assert named.build([])[2] == {"name": "n", "scope": "s", "function": "f", "self": 1}


def test_layer_keeps_declared_order() -> None:
    layer = Layer.of(
        "b", "h", layer_choice=[CONV], fixed_inputs=["x"], optional_inputs={"b": 2, "a": 1}, optional_input_size=[0, 2]
    )
    assert layer.space == LayerSpace("b", "h", ("conv(3, size=1)",), ("b", "a"), (0, 2))
    assert layer.inputs([0, 1]) == [["x"], [2, 1]]
    assert layer.inputs([]) == [["x"], []]


def test_layer_without_inputs_passes_two_empty_lists() -> None:
    assert Layer.of("b", "h", layer_choice=[CONV]).inputs(()) == [[], []]


@pytest.mark.parametrize(
    ("size", "sizes", "ranged"),
    [
        (0, (0, 0), False),
        (2, (2, 2), False),
        ([1, 2], (1, 2), True),
        ((1, 1), (1, 1), True),
        (np.int64(1), (1, 1), False),
    ],
)
def test_size_is_a_number_or_a_range(size: Any, sizes: tuple[int, int], ranged: bool) -> None:
    layer = Layer.of("b", "h", layer_choice=[CONV], optional_inputs={"a": 1, "b": 2}, optional_input_size=size)
    assert layer.space.sizes == sizes
    assert layer.ranged is ranged


@pytest.mark.parametrize("size", [-1, 3, [2, 1], [0, 3], [-1, 1], [], [1], [0, 1, 2], "1", 1.0, True, [0, None]])
def test_size_that_does_not_fit_is_an_error_that_names_the_layer(size: Any) -> None:
    with pytest.raises(LayerError, match=r"layer 'h' of block 'b': optional_input_size is"):
        Layer.of("b", "h", layer_choice=[CONV], optional_inputs={"a": 1, "b": 2}, optional_input_size=size)


def test_optional_inputs_need_a_size() -> None:
    with pytest.raises(LayerError, match=r"layer 'h' of block 'b': optional_inputs needs an optional_input_size"):
        Layer.of("b", "h", layer_choice=[CONV], optional_inputs={"a": 1})


def test_size_without_optional_inputs_can_only_be_none_of_them() -> None:
    assert Layer.of("b", "h", layer_choice=[CONV], optional_inputs={}, optional_input_size=0).space.sizes == (0, 0)
    with pytest.raises(LayerError, match="must lie within 0 and 0"):
        Layer.of("b", "h", layer_choice=[CONV], optional_input_size=1)


def test_layer_needs_candidates() -> None:
    with pytest.raises(LayerError, match="layer 'h' of block 'b': layer_choice is empty"):
        Layer.of("b", "h", layer_choice=[])


def test_candidate_twice_is_an_error() -> None:
    with pytest.raises(LayerError, match=r"candidate 'conv\(3, size=1\)' occurs twice"):
        Layer.of("b", "h", layer_choice=[CONV, CONV])


def test_scope_twice_is_an_error() -> None:
    other = candidate("pool()", "h1/conv", operation)
    with pytest.raises(LayerError, match="scope 'h1/conv' occurs twice"):
        Layer.of("b", "h", layer_choice=[CONV, other])


def test_inputs_that_know_no_truth_are_accepted() -> None:
    array = np.zeros([2])  # `if array:` raises
    layer = Layer.of(
        "b", "h", layer_choice=[CONV], fixed_inputs=[array], optional_inputs={"a": array}, optional_input_size=1
    )
    assert layer.inputs([0]) == [[array], [array]]
