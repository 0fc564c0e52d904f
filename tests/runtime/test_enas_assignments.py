"""Optimizers that assign by themselves move what the sub-graph has a gradient for, and say what they cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
from subgraphs import WIDTH, check_steps
from supernet import choose, layer, start

v1 = tf.compat.v1


def dense(inputs: Any) -> Any:
    return tf.tanh(tf.matmul(inputs[0][0], v1.get_variable("w", [WIDTH, WIDTH])) + v1.get_variable("b", [WIDTH]))


def net(layers: Any, x: Any) -> Any:
    with v1.variable_scope("stem"):
        stem = dense([[x]])
    functions = {"dense": dense, "zero": lambda i: tf.zeros_like(i[0][0]), "again": dense}
    h = layers.layer(functions, layers.layer(functions, stem, key="g"), key="h")
    with v1.variable_scope("head"):
        return tf.reduce_mean(tf.square(dense([[h]]) - 0.3))


STEPS = [{"g": g, "h": h} for g, h in [(0, 2), (2, 0), (1, 0), (0, 1), (2, 2), (0, 0), (2, 1)]]


class AdamWeightDecay(v1.train.Optimizer):
    """As BERT's."""

    def __init__(self) -> None:
        super().__init__(False, "AdamWeightDecay")

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: Any = None) -> Any:
        done = []
        for gradient, weight in grads_and_vars:
            m, v = (slot(weight, f"adam_{moment}") for moment in "mv")
            next_m = 0.9 * m + 0.1 * gradient
            next_v = 0.99 * v + 0.01 * tf.square(gradient)
            update = next_m / (tf.sqrt(next_v) + 1e-3) + 0.01 * weight
            done += [weight.assign(weight - 0.05 * update), m.assign(next_m), v.assign(next_v)]
        return tf.group(*done)


class Momentum(v1.train.Optimizer):
    """Takes up what it has just assigned."""

    def __init__(self) -> None:
        super().__init__(False, "OwnMomentum")

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: Any = None) -> Any:
        done = []
        for gradient, weight in grads_and_vars:
            m = slot(weight, "momentum")
            moved = m.assign(0.9 * m + gradient)
            with tf.control_dependencies([moved]):
                done.append(weight.assign_sub(0.1 * m.read_value()))
        return tf.group(*done)


class LayerwiseAdaptiveRates(v1.train.Optimizer):
    """Like LARS: the rate depends on the norms of weight and gradient."""

    def __init__(self) -> None:
        super().__init__(False, "LARS")

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: Any = None) -> Any:
        done = []
        for gradient, weight in grads_and_vars:
            rate = tf.norm(weight) / (tf.norm(gradient) + 0.1 * tf.norm(weight) + 1e-6)
            m = slot(weight, "momentum")
            next_m = 0.9 * m + 0.1 * rate * (gradient + 0.1 * weight)
            done += [m.assign(next_m), weight.assign_sub(next_m)]
        return tf.group(*done)


def slot(weight: Any, name: str) -> Any:
    return v1.get_variable(
        f"{weight.op.name}/{name}", weight.shape, initializer=v1.zeros_initializer(), trainable=False, use_resource=True
    )


def by_gradients(optimizer: Any, loss: Any) -> Any:
    weights = v1.trainable_variables()
    pairs = zip(tf.gradients(loss, weights), weights, strict=True)
    return optimizer.apply_gradients([(gradient, weight) for gradient, weight in pairs if gradient is not None])


def clipped(optimizer: Any, loss: Any) -> Any:
    weights = v1.trainable_variables()
    pairs = [pair for pair in zip(tf.gradients(loss, weights), weights, strict=True) if pair[0] is not None]
    gradients, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 0.1)
    return optimizer.apply_gradients(list(zip(gradients, [weight for _, weight in pairs], strict=True)))


@pytest.mark.parametrize("train", [by_gradients, clipped])
@pytest.mark.parametrize("optimizer", [AdamWeightDecay, Momentum, LayerwiseAdaptiveRates])
def test_it_moves_what_has_a_gradient(optimizer: Callable[[], Any], train: Any) -> None:
    check_steps(net, optimizer, STEPS, train)


def test_weights_of_others_do_not_decay_by_an_optimizer_of_its_own(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    layer({"a": dense, "b": dense}, x)
    weights = v1.trainable_variables()
    step = v1.train.AdamOptimizer(0.1).minimize(tf.add_n([tf.nn.l2_loss(weight) for weight in weights]))
    with v1.Session() as session:
        start(session)
        session.run([weight.assign(tf.ones_like(weight)) for weight in weights])
        for chosen, name in enumerate("ab"):
            choose(session, h=chosen)
            before = session.run(weights)
            session.run(step)
            pairs = zip(weights, before, session.run(weights), strict=True)
            assert {w.op.name for w, was, now in pairs if (was != now).any()} == {f"h/{name}/w", f"h/{name}/b"}


def test_an_assignment_leaves_the_sign_of_zero(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    loss = tf.reduce_mean(layer({"a": dense, "b": dense}, x))
    weights = v1.trainable_variables()
    zeros = tf.group(*[weight.assign(-tf.zeros_like(weight)) for weight in weights])
    gradients = tf.gradients(loss, weights)
    pairs = list(zip(weights, gradients, strict=True))
    for step in (
        tf.group(*[weight.assign_sub(0.1 * gradient) for weight, gradient in pairs]),
        tf.group(*[weight.assign_add(-0.1 * gradient) for weight, gradient in pairs]),
    ):
        with v1.Session() as session:
            start(session)
            session.run(zeros)
            choose(session, h=1)
            session.run(step, {x: [[1.0, 2.0, 3.0]]})
            for weight, value in zip(weights, session.run(weights), strict=True):
                if weight.op.name.startswith("h/a"):
                    assert value.tobytes() == (-0.0 * abs(value)).tobytes()


def test_sums_that_are_applied_by_an_assignment_move_what_was_added(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    loss = tf.reduce_mean(layer({"a": dense, "b": dense, "c": dense}, x))
    weights = v1.trainable_variables()
    totals = [v1.Variable(tf.zeros(weight.shape), trainable=False) for weight in weights]
    add = [total.assign_add(gradient) for total, gradient in zip(totals, tf.gradients(loss, weights), strict=True)]
    pairs = zip(weights, totals, strict=True)
    step = tf.group(*[weight.assign(0.9 * weight - 0.1 * total) for weight, total in pairs])
    with v1.Session() as session:
        start(session)
        session.run([weight.assign(tf.ones_like(weight)) for weight in weights])
        for chosen, expected in [((0, 1), {"a", "b"}), ((2,), {"c"}), ((), set())]:
            for candidate in chosen:
                choose(session, h=candidate)
                session.run(add, {x: [[1.0, 2.0, 3.0]]})
            before = session.run(weights)
            session.run(step)
            changed = zip(weights, before, session.run(weights), strict=True)
            assert {w.op.name.split("/")[1] for w, was, now in changed if (was != now).any()} == expected


def test_gradients_from_outside_of_the_graph_are_told_once(graph: Any) -> None:
    loss = tf.reduce_mean(layer({"a": dense, "b": dense}, v1.placeholder(tf.float32, [None, WIDTH])))
    optimizer = v1.train.AdamOptimizer(0.1, name="Fed")
    pairs = optimizer.compute_gradients(loss)
    fed = [(v1.placeholder(tf.float32, weight.shape), weight) for _, weight in pairs]
    with pytest.warns(UserWarning, match="'Fed' updates 'h/a/w' by values that come from no gradient") as told:
        optimizer.apply_gradients(fed)
    assert len(told) == 1
    optimizer.apply_gradients(fed)
