"""What the sub-graph's loss does not reach stays as it is, wherever its weights are; by hand it has no gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
from subgraphs import OPTIMIZERS, WIDTH, check_steps, clipped, minimize
from supernet import choose, layer, start

v1 = tf.compat.v1


def dense(x: Any, name: str = "w") -> Any:
    return tf.tanh(tf.matmul(x, v1.get_variable(name, [WIDTH, WIDTH])))


def named(scope: str, x: Any) -> Any:
    with v1.variable_scope(scope):
        return dense(x)


def loss_of(h: Any) -> Any:
    return tf.reduce_mean(tf.square(h - 0.3))


def adam() -> Any:
    return v1.train.AdamOptimizer(0.1)


def fixed(inputs: Any) -> Any:
    return dense(inputs[0][0])


def taken(inputs: Any) -> Any:
    return dense(inputs[1][0])


def untrained(inputs: Any) -> Any:
    return tf.sin(inputs[1][0])


def summed(inputs: Any) -> Any:
    return dense(inputs[0][0] + _sum_of(inputs[1]))


def without_weights(inputs: Any) -> Any:
    return tf.sin(inputs[0][0] - _sum_of(inputs[1]))


def _sum_of(chosen: Any) -> Any:
    return 0.0 if isinstance(chosen, list) and not chosen else tf.reduce_sum(chosen, axis=0)


def producers_of_optional_inputs(layers: Any, x: Any) -> Any:
    inputs = {name: named(name, x) for name in "abc"}
    functions = {"taken": taken, "untrained": untrained}
    return loss_of(layers.layer(functions, optional_inputs=inputs, optional_input_size=1))


def producers_for_a_single_candidate(layers: Any, x: Any) -> Any:
    inputs = {name: x * v1.get_variable(name, [WIDTH]) for name in "ab"}
    return loss_of(layers.layer({"untrained": untrained}, optional_inputs=inputs, optional_input_size=1))


def producers_of_a_range(layers: Any, x: Any) -> Any:
    stem = named("stem", x)
    inputs = {"a": named("a", stem), "b": named("b", x)}
    functions = {"summed": summed, "without": without_weights}
    return loss_of(layers.layer(functions, named("c", x), optional_inputs=inputs, optional_input_size=[0, 2]))


def variables_as_optional_inputs(layers: Any, x: Any) -> Any:
    inputs = {name: v1.get_variable(name, [WIDTH]) for name in "ab"}
    functions = {"times": lambda i: i[0][0] * i[1][0], "plus": lambda i: dense(i[0][0]) + i[1][0]}
    return loss_of(layers.layer(functions, x, optional_inputs=inputs, optional_input_size=1))


def one_tensor_as_several_inputs(layers: Any, x: Any) -> Any:
    a = named("a", x)
    functions = {"both": lambda i: dense(i[0][0] * i[1][0]), "optional": untrained}
    inputs = {"a": a, "again": a, "x": x}
    return loss_of(named("head", layers.layer(functions, a, optional_inputs=inputs, optional_input_size=1)))


NO_GRADIENT: dict[str, Callable[[Any], Any]] = {
    "zero": lambda inputs: tf.zeros_like(inputs[0][0]),
    "stopped": lambda inputs: tf.stop_gradient(inputs[0][0]),
    "dense": fixed,
}


def behind_a_zero(layers: Any, x: Any) -> Any:
    h = layers.layer(NO_GRADIENT, named("stem", x))
    return loss_of(named("head", h))


def layers_behind_zeros(layers: Any, x: Any) -> Any:
    g = layers.layer({"dense": fixed, "two": lambda i: dense(dense(i[0][0]), "u")}, x, key="g")
    h = layers.layer(NO_GRADIENT, g, key="h")
    return loss_of(named("head", h + layers.layer(NO_GRADIENT, h, key="k")))


def cells(layers: Any, x: Any) -> Any:
    nodes = [named("stem", x)]
    for number in range(2):
        edges = [layers.layer(NO_GRADIENT, node, key=f"e{number}{start}") for start, node in enumerate(nodes)]
        nodes.append(tf.add_n(edges))
    return loss_of(named("head", nodes[-1]))


def nested(layers: Any, x: Any) -> Any:
    def outer(inputs: Any) -> Any:
        own = dense(inputs[0][0])
        optional = {"own": own, "given": inputs[0][0]}
        functions = {"taken": taken, "untrained": untrained}
        return 2.0 * layers.layer(functions, key="inner", optional_inputs=optional, optional_input_size=1)

    return loss_of(named("head", layers.layer({"plain": fixed, "outer": outer}, named("stem", x))))


def closures(layers: Any, x: Any) -> Any:
    g = layers.layer({"dense": fixed, "two": lambda i: dense(dense(i[0][0]), "u")}, x, key="g")
    a = named("a", x)
    functions = {"a": lambda i: i[0][0] * a, "dense": fixed, "g": lambda i: i[0][0] + g}
    return loss_of(layers.layer(functions, x, key="h"))


SOME = [0, 1, 2, 2, 1, 0, 1]
NETS: dict[Any, list[Any]] = {
    producers_of_optional_inputs: [{"h": (place % 2, (place,))} for place in SOME],
    producers_for_a_single_candidate: [{"h": (0, (place,))} for place in [0, 1, 1, 0, 1]],
    producers_of_a_range: [{"h": (n % 2, p)} for n, p in enumerate([(0,), (1,), (), (0, 1), (1,), (), (0,)])],
    variables_as_optional_inputs: [{"h": (n // 2, (n % 2,))} for n in [0, 1, 2, 3, 3, 2, 1, 0]],
    one_tensor_as_several_inputs: [{"h": (n % 2, (n % 3,))} for n in [0, 1, 2, 3, 5, 4, 5]],
    behind_a_zero: [{"h": candidate} for candidate in [2, 0, 1, 2, 1, 0]],
    layers_behind_zeros: [{"g": n % 2, "h": n % 3, "k": n // 3} for n in [2, 0, 8, 6, 1, 5, 3, 4, 7, 2]],
    cells: [
        {"e00": n % 3, "e10": n // 3 % 3, "e11": n // 9} for n in [26, 0, 8, 24, 18, 2, 23, 13, 26, 9, 20]
    ],
    nested: [
        {"h": n % 2, "inner": (n // 2, (place,))} for n, place in [(1, 0), (3, 1), (0, 0), (1, 1), (3, 0), (2, 1)]
    ],
    closures: [{"g": n % 2, "h": n // 2} for n in [4, 5, 0, 2, 1, 3, 5, 4]],
}  # fmt: skip


@pytest.mark.parametrize("train", [minimize, clipped])
@pytest.mark.parametrize("net", NETS, ids=lambda net: net.__name__)
def test_what_the_loss_does_not_reach_stays(net: Any, train: Any) -> None:
    check_steps(net, adam, NETS[net], train)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_stays_under_every_optimizer(name: str) -> None:
    def net(layers: Any, x: Any) -> Any:
        return behind_a_zero(layers, x) + producers_of_optional_inputs(_Other(layers), x)

    steps = [{"h": candidate, "k": (n % 2, (n % 3,))} for n, candidate in enumerate([2, 0, 1, 2, 0])]
    check_steps(net, OPTIMIZERS[name], steps)


class _Other:
    """Gives layers another key."""

    def __init__(self, layers: Any) -> None:
        self._layers = layers

    def layer(self, *arguments: Any, **options: Any) -> Any:
        return self._layers.layer(*arguments, **options, key="k")


class Shared:
    """Makes its weight where it is first called."""

    def __init__(self) -> None:
        self._weight: Any = None

    def __call__(self, x: Any) -> Any:
        if self._weight is None:
            with v1.variable_scope(SHARED, reuse=v1.AUTO_REUSE):
                self._weight = v1.get_variable("weight", [WIDTH])
        return x * self._weight


SHARED = v1.VariableScope(reuse=False, name="shared", name_scope="shared/")


def used_on_the_way(layers: Any, x: Any) -> Any:
    shared = Shared()
    h = layers.layer({"shared": lambda i: shared(i[0][0]), "dense": fixed}, x)
    return loss_of(shared(h))


def used_in_the_loss_alone(layers: Any, x: Any) -> Any:
    shared = Shared()
    h = layers.layer({"dense": fixed, "shared": lambda i: shared(i[0][0])}, x)
    return loss_of(named("head", h)) + tf.reduce_mean(tf.square(shared(x) - 1.0))


def used_in_another_layer(layers: Any, x: Any) -> Any:
    shared = Shared()
    h = layers.layer({"shared": lambda i: shared(i[0][0]), "dense": fixed}, x)
    return loss_of(named("head", layers.layer({"dense": fixed, "shared": lambda i: shared(i[0][0])}, h, key="k")))


def used_and_decayed(layers: Any, x: Any) -> Any:
    shared = Shared()
    h = layers.layer({"dense": fixed, "shared": lambda i: shared(i[0][0])}, x)
    return loss_of(shared(h)) + 0.1 * tf.nn.l2_loss(shared(tf.ones([WIDTH])))


TWO = [{"h": candidate} for candidate in [1, 0, 1, 1, 0]]
TWO_LAYERS = [{"h": n % 2, "k": n // 2} for n in [1, 0, 2, 3, 1, 2]]
USED_OUTSIDE: dict[Any, list[Any]] = {
    used_on_the_way: TWO,
    used_in_the_loss_alone: TWO,
    used_and_decayed: TWO,
    used_in_another_layer: TWO_LAYERS,
}


@pytest.mark.parametrize("train", [minimize, clipped])
@pytest.mark.parametrize("net", USED_OUTSIDE, ids=lambda net: net.__name__)
def test_weights_first_made_in_a_candidate_train_where_they_are_used(net: Any, train: Any) -> None:
    check_steps(net, adam, USED_OUTSIDE[net], train)


def test_a_penalty_on_all_weights_counts_those_of_the_sub_graph_in_gradients(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    loss = loss_of(layer({"a": fixed, "b": fixed}, x))
    weights = v1.trainable_variables()
    gradients = tf.gradients(loss + sum(tf.nn.l2_loss(weight) for weight in weights), weights)
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            found = session.run(gradients, {x: [[0.1, 0.2, 0.3]]})
            assert [bool(gradient.any()) for gradient in found] == [chosen == 0, chosen == 1]
