"""Weights that act on an optional input alone stay as they are where it is absent; by hand they are not there either.

The candidates get lists of a range, so how many optional inputs there are changes from step to step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
from subgraphs import BATCH, OPTIMIZERS, WIDTH, check_steps, clipped, minimize

v1 = tf.compat.v1


def dense(x: Any, name: str = "w") -> Any:
    return tf.tanh(tf.matmul(x, v1.get_variable(name, [WIDTH, WIDTH])))


def named(scope: str, x: Any) -> Any:
    with v1.variable_scope(scope):
        return dense(x)


def of_each_its_own(inputs: Any) -> Any:
    out = dense(inputs[0][0])
    for number, x in enumerate(inputs[1]):
        out += dense(dense(x, f"first{number}"), f"second{number}")
    return tf.sigmoid(out)


def of_all_one(inputs: Any) -> Any:
    outs = [inputs[0][0]]
    for x in inputs[1]:
        with v1.variable_scope("shared", reuse=v1.AUTO_REUSE):
            outs.append(dense(x))
    return tf.add_n(outs)


def of_the_sum(inputs: Any) -> Any:
    out = inputs[0][0]
    if inputs[1]:
        out += tf.matmul(sum(2.0 * x for x in inputs[1]), v1.get_variable("sum", [WIDTH, WIDTH]))
    return dense(out)


def of_a_sum_from_zeros(inputs: Any) -> Any:
    total = tf.zeros([len(BATCH), WIDTH])
    for x in inputs[1]:
        total += x
    return inputs[0][0] + dense(total)


def of_each_by_a_scale_of_data(inputs: Any) -> Any:
    x = inputs[0][0]
    for number, other in enumerate(inputs[1]):
        x += other * tf.exp(dense(x, f"scale{number}"))
    return dense(x)


def of_none(inputs: Any) -> Any:
    return inputs[0][0] - dense(inputs[0][0])


CANDIDATES: list[Callable[[Any], Any]] = [
    of_each_its_own,
    of_all_one,
    of_the_sum,
    of_a_sum_from_zeros,
    of_each_by_a_scale_of_data,
]
CHOSEN: list[tuple[int, ...]] = [(0, 1), (0,), (), (1, 2), (2,), (), (0,), (0, 2), ()]


def net_of(functions: list[Callable[[Any], Any]]) -> Any:
    def net(layers: Any, x: Any) -> Any:
        stem = named("stem", x)
        inputs = {"a": named("a", stem), "b": named("b", x), "c": named("c", x)}
        candidates = {function.__name__: function for function in functions}
        fixed = named("fixed", x)
        h = layers.layer(candidates, fixed, optional_inputs=inputs, optional_input_size=[0, 2])
        return tf.reduce_mean(tf.square(h - 0.3))

    return net


@pytest.mark.parametrize("train", [minimize, clipped])
@pytest.mark.parametrize("name", ["momentum", "adam"])
@pytest.mark.parametrize("function", CANDIDATES, ids=lambda function: function.__name__)
def test_what_acts_on_what_is_absent_stays(function: Any, name: str, train: Any) -> None:
    steps = [{"h": (number // 5, chosen)} for number, chosen in enumerate(CHOSEN)]
    check_steps(net_of([function, of_none]), OPTIMIZERS[name], steps, train)


@pytest.mark.parametrize("function", CANDIDATES, ids=lambda function: function.__name__)
def test_also_in_a_layer_of_a_single_candidate(function: Any) -> None:
    check_steps(net_of([function]), OPTIMIZERS["adam"], [{"h": (0, chosen)} for chosen in CHOSEN])


def test_also_in_a_nested_layer() -> None:
    def net(layers: Any, x: Any) -> Any:
        def outer(inputs: Any) -> Any:
            return 2.0 * net_of([of_each_its_own, of_none])(layers, inputs[0][0]) + inputs[0][0]

        stem = named("stem", x)
        h = layers.layer({"outer": outer, "plain": of_none}, stem, key="outer")
        return tf.reduce_mean(tf.square(h - 0.3))

    steps = [{"outer": number % 3 // 2, "h": (0, chosen)} for number, chosen in enumerate(CHOSEN)]
    check_steps(net, OPTIMIZERS["adam"], steps)
