"""Gradients that are summed over steps: applied, they move the candidates that one of these steps chose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, start, values_of

v1 = tf.compat.v1
BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [4, 3])

Pairs = list[tuple[Any, Any]]


def dense(inputs: Any) -> Any:
    return tf.tanh(tf.matmul(inputs[0][0], v1.get_variable("w", [3, 3])) + v1.get_variable("b", [3]))


def plainly(optimizer: Any, pairs: Pairs) -> Any:
    return optimizer.apply_gradients(pairs)


def clipped(optimizer: Any, pairs: Pairs) -> Any:
    gradients, _ = tf.clip_by_global_norm([gradient / 2.0 for gradient, _ in pairs], 0.1)
    return optimizer.apply_gradients([(gradient, v) for gradient, (_, v) in zip(gradients, pairs, strict=True)])


def in_a_conditional(optimizer: Any, pairs: Pairs) -> Any:
    yes = v1.placeholder_with_default(True, [])
    return tf.cond(yes, lambda: tf.group(optimizer.apply_gradients(pairs)), tf.no_op)


def added(total: Any, gradient: Any) -> Any:
    return total.assign_add(gradient)


ADDITIONS: dict[str, Callable[[Any, Any], Any]] = {
    "assign_add": added,
    "assign_sub": lambda total, gradient: total.assign_sub(-gradient),
    "a sum": lambda total, gradient: total.assign(total + gradient),
    "a decaying sum": lambda total, gradient: total.assign(0.9 * total + 0.1 * gradient),
    "a sum or the first": lambda total, gradient: total.assign(
        tf.where(tf.norm(total) > 0.0, total + gradient, gradient)
    ),
    "the last": lambda total, gradient: total.assign(gradient),
    "rows": lambda total, gradient: total.scatter_add(tf.IndexedSlices(gradient, tf.range(3))),
}


class Trained:
    """A layer of candidates a, b and c; `add` sums up gradients, `apply` applies the sums, `reset` empties them."""

    def __init__(self, apply: Callable[[Any, Pairs], Any], add: Callable[[Any, Any], Any] = added) -> None:
        self.x = v1.placeholder(tf.float32, [None, 3])
        h = layer({"a": dense, "b": dense, "c": dense}, self.x) + v1.get_variable("head", [3])
        optimizer = v1.train.AdamOptimizer(0.1)
        pairs = optimizer.compute_gradients(tf.reduce_mean(tf.square(h - 0.5)))
        totals = [v1.Variable(tf.zeros(v.shape), trainable=False, name="total") for _, v in pairs]
        self.add = tf.group(*(add(t, gradient) for t, (gradient, _) in zip(totals, pairs, strict=True)))
        self.apply = apply(optimizer, [(t, v) for t, (_, v) in zip(totals, pairs, strict=True)])
        self.reset = tf.group(*(t.initializer for t in totals))

    def moved_by(self, session: Any, *choices: int, applied_on: int) -> set[str]:
        """The candidates that move, weights and slots, when it steps through the choices and then applies."""
        for chosen in choices:
            choose(session, h=chosen)
            session.run(self.add, {self.x: BATCH})
        choose(session, h=applied_on)
        before = values_of(session)
        session.run(self.apply)
        names = moved(before, values_of(session))
        session.run(self.reset)
        assert {name for name in names if name.startswith("head")} == {"head", "head/Adam", "head/Adam_1"}
        candidates = {name.split("/")[1] for name in names if name.startswith("h/")}
        whole = {f"h/{each}/{w}{slot}" for each in candidates for w in "wb" for slot in ("", "/Adam", "/Adam_1")}
        assert {name for name in names if name.startswith("h/")} == whole
        return candidates


@pytest.mark.parametrize("apply", [plainly, clipped, in_a_conditional])
def test_what_was_chosen_since_the_last_time_moves(graph: Any, apply: Any) -> None:
    net = Trained(apply)
    with v1.Session() as session:
        start(session)
        assert net.moved_by(session, 0, 1, applied_on=1) == {"a", "b"}
        assert net.moved_by(session, 2, applied_on=2) == {"c"}
        assert net.moved_by(session, 0, 0, applied_on=0) == {"a"}
        assert net.moved_by(session, 1, 0, 2, applied_on=0) == {"a", "b", "c"}


@pytest.mark.parametrize("add", ADDITIONS)
def test_however_they_are_kept(graph: Any, add: str) -> None:
    net = Trained(plainly, ADDITIONS[add])
    with v1.Session() as session:
        start(session)
        for chosen, name in enumerate("abc"):  # those of before have momentum, and a gradient of zero
            assert net.moved_by(session, chosen, applied_on=chosen) == {name}


def test_sparse_gradients_are_added_as_they_are(graph: Any) -> None:
    def embedded(inputs: Any) -> Any:
        return inputs[0][0] + tf.gather(v1.get_variable("table", [6, 3]), [0, 2, 2, 5])

    x = v1.placeholder(tf.float32, [None, 3])
    optimizer = v1.train.AdamOptimizer(0.1)
    h = layer({"a": embedded, "b": embedded}, x)
    pairs = optimizer.compute_gradients(tf.reduce_mean(tf.square(h - 0.5)))
    totals = [v1.Variable(tf.zeros(v.shape), trainable=False) for _, v in pairs]
    add = [total.scatter_add(gradient) for total, (gradient, _) in zip(totals, pairs, strict=True)]
    apply = optimizer.apply_gradients([(total, v) for total, (_, v) in zip(totals, pairs, strict=True)])
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1, 1):
            choose(session, h=chosen)
            session.run(add, {x: BATCH})
            before = values_of(session)
            session.run(apply)
            expected = {f"h/{'ab'[chosen]}/table{slot}" for slot in ("", "/Adam", "/Adam_1")}
            assert {name for name in moved(before, values_of(session)) if name.startswith("h/")} == expected
            session.run([total.initializer for total in totals])


@pytest.mark.parametrize("apply", [plainly, clipped])
def test_what_is_chosen_when_they_are_applied_counts(graph: Any, apply: Any) -> None:
    net = Trained(apply)
    with v1.Session() as session:
        start(session)
        assert net.moved_by(session, 0, applied_on=0) == {"a"}


def test_no_marks_among_the_variables(graph: Any) -> None:
    Trained(plainly)
    assert not [each for each in v1.global_variables() + v1.local_variables() if "mark" in each.name]


def test_a_sum_is_applied_as_by_hand(graph: Any) -> None:
    net = Trained(plainly)
    weights = {each.op.name: each for each in v1.trainable_variables()}
    x = v1.placeholder(tf.float32, [None, 3])
    with v1.variable_scope("copy"):
        copies = {name: v1.get_variable(name, each.shape) for name, each in weights.items()}
    losses = [
        tf.reduce_mean(tf.square(tf.tanh(x @ copies[f"h/{c}/w"] + copies[f"h/{c}/b"]) + copies["head"] - 0.5))
        for c in "ab"
    ]
    by_hand = v1.train.AdamOptimizer(0.1, name="Hand").minimize(tf.add_n(losses))
    with v1.Session() as session:
        start(session)
        session.run([copies[name].assign(each) for name, each in weights.items()])
        assert net.moved_by(session, 0, 1, applied_on=0) == {"a", "b"}
        session.run(by_hand, {x: BATCH})
        mine, expected = session.run([weights, copies])
    for name, value in mine.items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-6, err_msg=name)


def test_a_sum_may_be_applied_in_the_step_that_adds_to_it(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    optimizer = v1.train.AdamOptimizer(0.1)
    pairs = optimizer.compute_gradients(tf.reduce_mean(layer({"a": dense, "b": dense}, x)))
    totals = [tf.Variable(tf.zeros(v.shape), trainable=False) for _, v in pairs]
    sums = [t.assign_add(gradient) for t, (gradient, _) in zip(totals, pairs, strict=True)]
    step = optimizer.apply_gradients([(each, v) for each, (_, v) in zip(sums, pairs, strict=True)])
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            before = values_of(session, v1.trainable_variables())
            session.run(step, {x: BATCH})
            changed = moved(before, values_of(session, v1.trainable_variables()))
            assert changed == {f"h/{'ab'[chosen]}/{weight}" for weight in "wb"}
