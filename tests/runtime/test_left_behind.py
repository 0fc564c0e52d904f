"""What candidates leave in a list of the code around them stands there once, for the layer, as in a sub-graph."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer

from nascompile_runtime.graph import darts, enas, oneshot
from nascompile_runtime.layer import LayerError

v1 = tf.compat.v1

MODES = [(enas, "conditional"), (oneshot, "dropout_sum"), (darts, "weighted_sum")]
LEFT: list[Any] = []


class Net:
    def __init__(self) -> None:
        self.layers: list[Any] = []


def build(mode: ModuleType, function: str, functions: dict[str, Any], *fixed: Any, **kwargs: Any) -> Any:
    candidates = [mode.candidate(name, f"h/{name}", each, **kwargs) for name, each in functions.items()]
    return getattr(mode, function)("net", "h", layer_choice=candidates, fixed_inputs=fixed)


@pytest.mark.parametrize(("mode", "function"), MODES)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_list_holds_what_the_layer_returns(graph: Any, mode: ModuleType, function: str, count: int) -> None:
    x = tf.ones([2])
    layers = [x]
    seen = []

    def finish(out: Any) -> Any:
        seen.append(len(layers))
        layers.append(out)
        return out

    functions = {f"f{number}": lambda inputs, by=number: finish(inputs[0][0] * by) for number in range(count)}
    h = build(mode, function, functions, x)
    assert len(layers) == 2
    assert layers[0] is x
    assert layers[1] is h
    assert seen == [1] * count


@pytest.mark.parametrize(("mode", "function"), MODES)
@pytest.mark.parametrize("where", ["argument", "object", "module"])
def test_a_list_is_found_wherever_a_candidate_reaches_it(
    graph: Any, mode: ModuleType, function: str, where: str
) -> None:
    net = Net()
    LEFT.clear()
    mine: list[Any] = []

    def leaves(inputs: Any, to: Any = None) -> Any:
        out = tf.sin(inputs[0][0]), tf.cos(inputs[0][0])
        {"argument": to, "object": net.layers, "module": LEFT}[where].append(out[1])
        return out

    h = build(mode, function, {"f": leaves, "g": leaves}, tf.ones([2]), to=mine)
    (left,) = mine + net.layers + LEFT
    assert left is h[1]


def test_what_is_left_has_the_value_of_the_chosen_candidate(graph: Any) -> None:
    layers: list[Any] = []

    def leaves(factor: float) -> Any:
        def candidate(inputs: Any) -> Any:
            layers.append(inputs[0][0] * factor)
            return layers[-1]

        return candidate

    x = tf.ones([2])
    for key in ("h", "k"):
        layer({"f": leaves(2.0), "g": leaves(3.0)}, x, key=key)
    total = tf.add_n(layers)
    (gradient,) = tf.gradients(total, x)
    with v1.Session() as session:
        choose(session, h=0, k=1)
        np.testing.assert_array_equal(session.run([total, gradient]), [[5.0, 5.0], [5.0, 5.0]])


@pytest.mark.parametrize(("mode", "function"), MODES)
def test_lists_that_candidates_treat_differently_stay_as_they_are(graph: Any, mode: ModuleType, function: str) -> None:
    inner: list[Any] = []
    numbers: list[Any] = []
    some: list[Any] = []

    def first(inputs: Any) -> Any:
        inner.append(inputs[0][0] * 2.0)
        numbers.append(1)
        some.append(inner[-1] + 1.0)
        return some[-1]

    def second(inputs: Any) -> Any:
        inner.append(inputs[0][0] * 3.0)
        numbers.append(2)
        return inner[-1] + 1.0

    build(mode, function, {"first": first, "second": second}, tf.ones([2]))
    assert (len(inner), numbers, len(some)) == (2, [1, 2], 1)


def test_a_tensor_inside_of_a_candidate_that_is_left_behind_is_refused_where_it_is_used(graph: Any) -> None:
    inner: list[Any] = []

    def leaves(inputs: Any) -> Any:
        inner.append(inputs[0][0] * 2.0)
        return inner[-1] + 1.0

    layer({"f": leaves, "g": leaves}, tf.ones([2]))
    with pytest.raises(LayerError, match="use what the layer returns"):
        tf.add_n(inner)
