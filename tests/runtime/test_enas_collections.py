"""What candidates add to collections: alive whatever is chosen, and only that of the chosen one counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from supernet import choose, layer, moved, randomize, start, values_of

v1 = tf.compat.v1


def regularized(inputs: Any, scale: float) -> Any:
    w = v1.get_variable("w", [3], regularizer=lambda w: scale * tf.reduce_sum(w**2))
    return inputs[0][0] * w


def test_losses_count_where_their_candidate_is_chosen(graph: Any) -> None:
    def one(inputs: Any) -> Any:
        v1.add_to_collection(v1.GraphKeys.LOSSES, tf.reduce_sum(inputs[0][0]))
        return regularized(inputs, 1.0)

    def two(inputs: Any) -> Any:
        with v1.variable_scope("one"):
            h = regularized(inputs, 10.0)
        with v1.variable_scope("two"):
            return regularized([[h], []], 100.0)

    x = v1.placeholder(tf.float32, [3])
    y = layer({"none": lambda inputs: inputs[0][0], "one": one, "two": two}, x)
    penalty = v1.losses.get_regularization_loss()
    losses = tf.add_n(v1.get_collection(v1.GraphKeys.LOSSES))
    variables = {each.op.name: each for each in v1.trainable_variables()}
    optimizer = v1.train.GradientDescentOptimizer(0.1)
    gradients = {v.op.name: g for g, v in optimizer.compute_gradients(tf.reduce_sum(y) + penalty + losses)}
    to_x = tf.gradients(losses, x)[0]
    feed = {x: [1.0, 2.0, 3.0]}
    with v1.Session() as session:
        start(session)
        randomize(session)
        w = session.run(variables)
        expected = {
            0: (0.0, 0.0, {}),
            1: (np.sum(w["h/one/w"] ** 2), 6.0, {"h/one/w": feed[x] + 2.0 * w["h/one/w"]}),
            2: (
                10.0 * np.sum(w["h/two/one/w"] ** 2) + 100.0 * np.sum(w["h/two/two/w"] ** 2),
                0.0,
                {
                    "h/two/one/w": feed[x] * w["h/two/two/w"] + 20.0 * w["h/two/one/w"],
                    "h/two/two/w": feed[x] * w["h/two/one/w"] + 200.0 * w["h/two/two/w"],
                },
            ),
        }
        for chosen, (penalised, lost, back) in expected.items():
            choose(session, h=chosen)
            found = session.run([penalty, losses, gradients, to_x], feed)
            np.testing.assert_allclose(found[0], penalised, rtol=1e-6)
            assert found[1] == lost
            np.testing.assert_array_equal(found[3], np.full(3, float(chosen == 1)))
            for name, value in found[2].items():
                np.testing.assert_allclose(value, back.get(name, np.zeros(3)), rtol=1e-6, err_msg=name)


def test_few_elements_stand_for_those_of_all_candidates(graph: Any) -> None:
    candidates = {f"c{number}": lambda inputs: regularized(inputs, 1.0) for number in range(5)}
    layer(candidates, tf.ones([3]))
    assert len(v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)) == 1
    assert len(v1.get_collection(v1.GraphKeys.TRAINABLE_VARIABLES)) == 5


def test_what_was_in_a_collection_before_stays(graph: Any) -> None:
    outside = tf.constant(7.0)
    v1.add_to_collection(v1.GraphKeys.REGULARIZATION_LOSSES, outside)
    v1.add_to_collection("names", "first")

    def candidate(inputs: Any) -> Any:
        v1.add_to_collection("names", "second")
        return regularized(inputs, 1.0)

    layer({"a": candidate, "b": candidate}, tf.ones([3]))
    assert v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)[0] is outside
    assert v1.get_collection("names") == ["first", "second", "second"]


def test_update_operations_run_where_their_candidate_is_chosen(graph: Any) -> None:
    def normalized(as_tensor: bool) -> Any:
        def build(inputs: Any) -> Any:
            ((x,), _) = inputs
            mean = v1.get_variable("mean", [3], trainable=False)
            update = mean.assign_sub(0.1 * (mean - tf.reduce_mean(x, axis=0)), read_value=as_tensor)
            v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, update)
            return (x - mean) * v1.get_variable("w", [3])

        return build

    x = v1.placeholder(tf.float32, [None, 3])
    y = layer({"op": normalized(False), "tensor": normalized(True), "none": lambda inputs: inputs[0][0]}, x)
    updates = v1.get_collection(v1.GraphKeys.UPDATE_OPS)
    assert all(isinstance(each, tf.Operation) for each in updates)
    with tf.control_dependencies(updates):
        step = v1.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y))
    with v1.Session() as session:
        start(session)
        randomize(session)
        for chosen, expected in enumerate([{"h/op/mean", "h/op/w"}, {"h/tensor/mean", "h/tensor/w"}, set()]):
            choose(session, h=chosen)
            before = values_of(session)
            session.run(y, {x: np.ones([2, 3])})
            assert not moved(before, values_of(session))
            session.run(step, {x: np.ones([2, 3])})
            assert moved(before, values_of(session)) == expected


def test_summaries(graph: Any) -> None:
    def summarized(tag: str) -> Any:
        def build(inputs: Any) -> Any:
            v1.summary.scalar(tag, tf.reduce_sum(inputs[0][0]))
            return inputs[0][0]

        return build

    layer({"a": summarized("a"), "b": summarized("b"), "none": lambda inputs: inputs[0][0]}, tf.ones([3]))
    v1.summary.scalar("outside", tf.constant(1.0))
    merged = v1.summary.merge_all()
    with v1.Session() as session:
        for chosen, expected in enumerate([["h/a/a", "outside"], ["h/b/b", "outside"], ["outside"]]):
            choose(session, h=chosen)
            summary = v1.Summary.FromString(session.run(merged))
            assert sorted(value.tag for value in summary.value) == expected


def test_tensors_of_other_kinds(graph: Any) -> None:
    def candidate(value: Any) -> Any:
        def build(inputs: Any) -> Any:
            v1.add_to_collection("integers", tf.cast(tf.reduce_sum(inputs[0][0]), tf.int64) + value)
            v1.add_to_collection("flags", tf.reduce_sum(inputs[0][0]) > 0.0)
            v1.add_to_collection("activations", inputs[0][0] * float(value))
            return inputs[0][0]

        return build

    x = v1.placeholder(tf.float32, [3])
    layer({"a": candidate(1), "b": candidate(2), "none": lambda inputs: inputs[0][0]}, x)
    fetches = [v1.get_collection(name) for name in ("integers", "flags", "activations")]
    with v1.Session() as session:
        for chosen, expected in enumerate([[4, True, 1.0], [5, True, 2.0], [0, False, 0.0]]):
            choose(session, h=chosen)
            ((integer,), (flag,), (activation,)) = session.run(fetches, {x: np.ones(3)})
            assert [integer, flag, activation[0]] == expected


def test_tables_of_all_candidates_are_initialized(graph: Any) -> None:
    def lookup(value: float) -> Any:
        def build(inputs: Any) -> Any:
            table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["key"], [value]), 0.0)
            return table.lookup(inputs[0][0])

        return build

    y = layer({"a": lookup(1.0), "b": lookup(2.0)}, tf.constant("key"))
    with v1.Session() as session:
        session.run(v1.tables_initializer())
        for chosen in range(2):
            choose(session, h=chosen)
            assert session.run(y) == chosen + 1.0
