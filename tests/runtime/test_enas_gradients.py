"""Gradients through layers whose candidates use more than they are given, in every combination that once went wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, randomize, start

v1 = tf.compat.v1


def by_choice(session: Any, ways: int, fetches: Any, feed: Any = None) -> list[Any]:
    """What the fetches are for each choice of the layer `h`."""
    found = []
    for chosen in range(ways):
        choose(session, h=chosen)
        found.append(session.run(fetches, feed))
    return found


def test_closures_over_tensors_and_variables(graph: Any) -> None:
    x = tf.constant([1.0, 2.0])
    w = v1.get_variable("w", initializer=[3.0, 4.0])
    outer = tf.square(w)
    y = layer(
        {"tensor": lambda _: x * outer, "variable": lambda _: x * w, "both": lambda _: w * outer, "none": lambda _: x}
    )
    gradients = tf.gradients(y, [w, outer, x])
    with v1.Session() as session:
        start(session)
        tensor, variable, both, neither = by_choice(session, 4, gradients)
    np.testing.assert_allclose(tensor, [[6.0, 16.0], [1.0, 2.0], [9.0, 16.0]])
    np.testing.assert_allclose(variable, [[1.0, 2.0], [0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(both, [[27.0, 48.0], [3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(neither, [[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]])


def test_loops_over_outer_tensors(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [2])
    w = v1.get_variable("w", initializer=[3.0, 4.0])

    def carried() -> Any:
        return tf.while_loop(lambda i, _: i < 3, lambda i, h: (i + 1, tf.sin(h * w)), [0, x])[1]

    def captured() -> Any:
        return tf.while_loop(lambda i, _: i < 3, lambda i, h: (i + 1, tf.sin(h * w + x)), [0, tf.ones([2])])[1]

    y = layer({"carried": lambda _: carried(), "captured": lambda _: captured(), "none": lambda _: x})
    gradients = tf.gradients(y, [w, x])
    expected = [tf.gradients(alone, [w, x]) for alone in (carried(), captured())]
    with v1.Session() as session:
        start(session)
        feed = {x: [1.0, 2.0]}
        *found, none = by_choice(session, 3, gradients, feed)
        np.testing.assert_allclose(found, session.run(expected, feed), rtol=1e-6)
    np.testing.assert_array_equal(none, [[0.0, 0.0], [1.0, 1.0]])


def test_a_variable_of_two_candidates(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [2])
    with v1.variable_scope("shared") as scope:
        pass

    def shared() -> Any:
        with v1.variable_scope(scope, reuse=v1.AUTO_REUSE):
            return v1.get_variable("w", initializer=[3.0, 4.0])

    y = layer(
        {"once": lambda inputs: inputs[0][0] * shared(), "twice": lambda _: shared() * shared(), "no": lambda _: x}, x
    )
    (w,) = v1.trainable_variables()
    assert w.op.name == "shared/w"
    with v1.Session() as session:
        start(session)
        once, twice, no = by_choice(session, 3, tf.gradients(y, w)[0], {x: [1.0, 2.0]})
    np.testing.assert_allclose([once, twice, no], [[1.0, 2.0], [6.0, 8.0], [0.0, 0.0]])


def test_a_layer_built_again_with_reuse_shares_choice_and_weights(graph: Any) -> None:
    def scale(inputs: Any) -> Any:
        return inputs[0][0] * v1.get_variable("w", [])

    xs = [v1.placeholder(tf.float32, []) for _ in range(2)]
    towers = []
    for reuse, x in zip([False, True], xs, strict=True):
        with v1.variable_scope("net", reuse=reuse):
            towers.append(layer({"a": scale, "b": scale}, x))
    variables = v1.trainable_variables()
    assert [each.op.name for each in variables] == ["net/h/a/w", "net/h/b/w"]
    gradients = tf.gradients(towers, variables)
    with v1.Session() as session:
        start(session)
        randomize(session)
        a, b = by_choice(session, 2, [towers, gradients, variables], dict(zip(xs, [2.0, 3.0], strict=True)))
    for number, (outputs, (to_a, to_b), weights) in enumerate([a, b]):
        np.testing.assert_allclose(outputs, [2.0 * weights[number], 3.0 * weights[number]])
        assert [to_a, to_b] == [5.0 * (number == 0), 5.0 * (number == 1)]


def test_without_reuse_a_layer_built_again_makes_weights_of_its_own(graph: Any) -> None:
    def scale(inputs: Any) -> Any:
        return inputs[0][0] * tf.Variable(1.0, name="w") * v1.get_variable("v", [])

    for _ in range(2):
        layer({"a": scale, "b": scale}, tf.constant(1.0))
    assert [each.op.name for each in v1.trainable_variables()] == [
        f"h/{name}/{weight}" for name in ("a", "b", "a_1", "b_1") for weight in ("w", "v")
    ]


@pytest.mark.parametrize(
    "gate", [v1.train.Optimizer.GATE_NONE, v1.train.Optimizer.GATE_OP, v1.train.Optimizer.GATE_GRAPH]
)
def test_gradients_that_users_get_are_alive_and_have_their_shape(graph: Any, gate: int) -> None:
    def scale(inputs: Any) -> Any:
        return tf.matmul(inputs[0][0], v1.get_variable("w", [3, 3]))

    def lookup(inputs: Any) -> Any:
        return inputs[0][0] + tf.nn.embedding_lookup(v1.get_variable("table", [5, 3]), [0, 4])

    h = x = v1.placeholder(tf.float32, [2, 3])
    for number in range(2):
        h = layer({"a": scale, "b": scale, "lookup": lookup}, h, key=f"h{number}")
    optimizer = v1.train.GradientDescentOptimizer(1.0)
    pairs = optimizer.compute_gradients(tf.reduce_sum(h), gate_gradients=gate)
    for gradient, variable in pairs:
        assert gradient.shape == variable.shape
    clipped, norm = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 1e-3)
    step = optimizer.apply_gradients(zip(clipped, [variable for _, variable in pairs], strict=True))
    with v1.Session() as session:
        start(session)
        for first in range(3):
            choose(session, h0=first, h1=(first + 1) % 3)
            found, size, before = session.run([pairs, norm, v1.trainable_variables()], {x: np.ones([2, 3])})
            assert size > 0.0
            for number, (gradient, variable) in enumerate(pairs):
                value = found[number][0]
                if isinstance(gradient, tf.IndexedSlices):
                    assert value.values.shape == (
                        (2, 3) if variable.op.name.split("/")[1] == "lookup" and len(value.indices) else (0, 3)
                    )
                else:
                    assert value.shape == tuple(variable.shape)
            session.run(step, {x: np.ones([2, 3])})
            after = session.run(v1.trainable_variables())
            change = np.sqrt(sum(np.sum((p - q) ** 2) for p, q in zip(before, after, strict=True)))
            np.testing.assert_allclose(change, 1e-3, rtol=1e-3)


def test_only_some_of_the_outputs_are_used(graph: Any) -> None:
    def two(factor: float) -> Any:
        return lambda inputs: (inputs[0][0] * factor, tf.numpy_function(_fail, [inputs[0][0]], tf.float32))

    x = v1.placeholder(tf.float32, [])
    y, _ = layer({"a": two(2.0), "b": two(3.0)}, x)
    with v1.Session() as session:
        assert by_choice(session, 2, tf.gradients(y, x)[0], {x: 1.0}) == [2.0, 3.0]


def _fail(_: Any) -> Any:
    raise AssertionError("nobody asked for this")


def test_gradients_can_be_taken_again_and_after_steps(graph: Any) -> None:
    def scale(inputs: Any) -> Any:
        return inputs[0][0] * v1.get_variable("w", [])

    x = v1.placeholder(tf.float32, [])
    y = layer({"a": scale, "b": scale}, x)
    first = tf.gradients(y, x)[0]
    with v1.Session() as session:
        start(session)
        choose(session, h=1)
        expected = session.run([y, first], {x: 2.0})
        again = tf.gradients(tf.square(y), x)[0]
        np.testing.assert_allclose(session.run(again, {x: 2.0}), 2.0 * expected[0] * expected[1])


def test_a_second_derivative_is_refused(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [])
    y = layer({"a": lambda inputs: inputs[0][0] ** 2, "b": lambda inputs: inputs[0][0] ** 3}, x)
    gradient = tf.gradients(y, x)[0]
    with pytest.raises(NotImplementedError, match="cannot be differentiated once more"):
        tf.gradients(gradient, x)


def test_layers_inside_of_candidates(graph: Any) -> None:
    def scale(inputs: Any) -> Any:
        return inputs[0][0] * v1.get_variable("w", [])

    def nested(inputs: Any) -> Any:
        return layer({"a": scale, "b": scale}, inputs[0][0], key="inner")

    x = v1.placeholder(tf.float32, [])
    y = layer({"nested": nested, "plain": scale}, x)
    variables = {each.op.name: each for each in v1.trainable_variables()}
    assert list(variables) == ["h/nested/inner/a/w", "h/nested/inner/b/w", "h/plain/w"]
    gradients = dict(zip(variables, tf.gradients(y, list(variables.values())), strict=True))
    with v1.Session() as session:
        start(session)
        randomize(session)
        for outer, inner, used in [(0, 0, "h/nested/inner/a/w"), (0, 1, "h/nested/inner/b/w"), (1, 1, "h/plain/w")]:
            choose(session, h=outer, inner=inner)
            output, found, weights = session.run([y, gradients, variables], {x: 2.0})
            assert found == {name: 2.0 * (name == used) for name in variables}
            np.testing.assert_allclose(output, 2.0 * weights[used])


def test_inputs_without_gradients(graph: Any) -> None:
    def lookup(inputs: Any) -> Any:
        ids, flag, name = inputs[0]
        table = v1.get_variable("table", [3, 2])
        return tf.where(flag, tf.gather(table, ids), 0.0), name

    ids = v1.placeholder(tf.int64, [None])
    flag = v1.placeholder(tf.bool, [])
    y, name = layer({"a": lookup, "b": lookup}, ids, flag, tf.constant("name"))
    variables = v1.trainable_variables()
    gradients = [tf.convert_to_tensor(each) for each in tf.gradients(y, variables)]
    with v1.Session() as session:
        start(session)
        found = by_choice(session, 2, [y, name, gradients, variables], {ids: [2, 2], flag: True})
        for chosen, (output, text, back, tables) in enumerate(found):
            np.testing.assert_array_equal(output, tables[chosen][[2, 2]])
            assert text == b"name"
            np.testing.assert_array_equal(back[chosen], [[0.0, 0.0], [0.0, 0.0], [2.0, 2.0]])
            assert not back[1 - chosen].any()
