"""Whatever candidates are made of, a layer of them equals the candidate alone: output, gradients and updates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, randomize, start, values_of

v1 = tf.compat.v1
BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [4, 3])

KINDS: dict[str, Callable[[Any], Any]] = {}


def kind(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A candidate of one input `[None, 3]`, with any output and weights."""
    KINDS[function.__name__] = function
    return function


@kind
def variable_of_a_tensor(x: Any) -> Any:
    return tf.matmul(x, tf.Variable(v1.truncated_normal([3, 3]), name="w"))


@kind
def variable_of_a_callable(x: Any) -> Any:
    return tf.matmul(x, tf.Variable(lambda: v1.truncated_normal([3, 3]), name="w"))


@kind
def variable_of_an_array(x: Any) -> Any:
    return tf.matmul(x, tf.Variable(np.eye(3, dtype="float32"), name="w"))


@kind
def v1_variable_that_asks_for_a_reference(x: Any) -> Any:
    return x * v1.Variable(tf.ones([3]), name="w", use_resource=False)


@kind
def got_variables(x: Any) -> Any:
    with v1.variable_scope(None, default_name="block"):
        w = v1.get_variable("w", [3, 3], initializer=v1.glorot_uniform_initializer())
    with v1.variable_scope(None, default_name="block"):
        b = v1.get_variable("b", initializer=tf.constant([0.1, 0.2, 0.3]))
    return tf.matmul(x, w) + b


@kind
def variable_used_twice(x: Any) -> Any:
    with v1.variable_scope("twice", reuse=v1.AUTO_REUSE):
        first = v1.get_variable("w", [3])
        again = v1.get_variable("w", [3])
    return tf.sin(x * first) + again


@kind
def variable_that_depends_on_another(x: Any) -> Any:
    w = tf.Variable(v1.random_uniform([3]), name="w")
    with tf.control_dependencies([w.initializer]):
        doubled = 2.0 * w.read_value()
    return x * w * tf.Variable(doubled, name="double")


@kind
def partitioned_variable(x: Any) -> Any:
    w = v1.get_variable("w", [3, 2], partitioner=v1.fixed_size_partitioner(3))
    return tf.matmul(x, tf.convert_to_tensor(w))


@kind
def untrained_variable(x: Any) -> Any:
    mean = v1.get_variable("mean", [3], trainable=False)
    return x * mean * v1.get_variable("w", [3])


@kind
def embedding(x: Any) -> Any:
    table = v1.get_variable("table", [5, 3])
    return x + tf.nn.embedding_lookup(table, [1, 3, 1, 0])


@kind
def no_weights(x: Any) -> Any:
    return tf.square(x)


@kind
def its_input(x: Any) -> Any:
    return x


@kind
def ignores_its_input(x: Any) -> Any:
    return tf.zeros([4, 3]) + v1.get_variable("w", [3])


@kind
def a_constant(x: Any) -> Any:
    return tf.constant([1.0, 2.0])


@kind
def a_variable(x: Any) -> Any:
    return v1.get_variable("w", [3])


@kind
def an_array(x: Any) -> Any:
    return np.ones([2], "float32")


@kind
def a_tuple(x: Any) -> Any:
    return x * v1.get_variable("w", [3]), (tf.reduce_sum(x), tf.shape(x))


@kind
def a_dict(x: Any) -> Any:
    return {"b": x * v1.get_variable("w", [3]), "a": [tf.sin(x)], "none": None}


@kind
def a_ragged_tensor(x: Any) -> Any:
    return tf.RaggedTensor.from_row_lengths(tf.reshape(x, [-1]) * v1.get_variable("w", []), [5, 7])


@kind
def integers_inside(x: Any) -> Any:
    return tf.one_hot(tf.argmax(x, axis=1), 3) * x


@kind
def a_while_loop(x: Any) -> Any:
    w = v1.get_variable("w", [3])
    steps = tf.while_loop(lambda i, _: i < 20, lambda i, h: (i + 1, h * w + 0.1), [0, x])
    return steps[1]


@kind
def a_while_loop_of_the_first_control_flow(x: Any) -> Any:
    w = v1.get_variable("w", [3])
    with first_control_flow():
        return tf.while_loop(lambda i, _: i < 20, lambda i, h: (i + 1, tf.sin(h * w + 0.1)), [0, x])[1]


@kind
def a_conditional(x: Any) -> Any:
    w = v1.get_variable("w", [3])
    return tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * w, lambda: x - w)


@kind
def a_conditional_of_the_first_control_flow(x: Any) -> Any:
    w = v1.get_variable("w", [3])
    with first_control_flow():
        return tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * w, lambda: x - w)


@kind
def a_custom_gradient(x: Any) -> Any:
    @tf.custom_gradient
    def clipped(x: Any) -> Any:
        return tf.square(x), lambda dy: tf.clip_by_value(dy * 2.0 * x, -0.01, 0.01)

    return clipped(x * v1.get_variable("w", [3]))


@kind
def a_function(x: Any) -> Any:
    w = v1.get_variable("w", [3])
    return tf.function(lambda x: tf.sin(x) * w)(x)


@kind
def a_nested_gradient(x: Any) -> Any:
    y = tf.reduce_sum(tf.square(x * v1.get_variable("w", [3])))
    return tf.gradients(y, x)[0]


@kind
def a_map(x: Any) -> Any:
    return tf.map_fn(lambda row: row * v1.get_variable("w", [3]), x)


@kind
def double_precision(x: Any) -> Any:
    return tf.cast(x, tf.float64) * v1.get_variable("w", [3], tf.float64)


@kind
def complex_numbers(x: Any) -> Any:
    return tf.signal.fft(tf.cast(x * v1.get_variable("w", [3]), tf.complex64))


class first_control_flow:  # noqa: N801
    """Control flow as after `disable_v2_behavior()`."""

    def __enter__(self) -> None:
        v1.disable_control_flow_v2()

    def __exit__(self, *_: Any) -> None:
        v1.enable_control_flow_v2()


class Results:
    """A net's output and its gradients for the input and the weights, and a training step."""

    def __init__(self, x: Any, y: Any) -> None:
        tensors = [each for each in tf.nest.flatten(y, expand_composites=True) if each is not None]
        floats = [tf.abs(each) if each.dtype.is_complex else each for each in map(tf.convert_to_tensor, tensors)]
        self.loss = tf.add_n([tf.cast(tf.reduce_sum(tf.sin(tf.cast(each, tf.float64))), tf.float32) for each in floats])
        self.variables = v1.trainable_variables()
        optimizer = v1.train.GradientDescentOptimizer(0.1)
        pairs = [(g, v) for g, v in optimizer.compute_gradients(self.loss, [x, *self.variables]) if g is not None]
        self.tensors = (
            [tf.convert_to_tensor(each) for each in tensors],
            {v.name: tf.convert_to_tensor(g) for g, v in pairs},
        )
        pairs = pairs[1:] if pairs and pairs[0][1] is x else pairs
        self.step = optimizer.apply_gradients(pairs) if pairs else tf.no_op()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices")
def test_a_layer_equals_its_candidate(name: str) -> None:
    function = KINDS[name]
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 3], name="x")
        with v1.variable_scope("h/chosen"):
            plain = Results(x, function(x))
        start(session)
        randomize(session)
        expected_tensors, expected_gradients = session.run(plain.tensors, {x: BATCH})
        before = values_of(session)
        session.run(plain.step, {x: BATCH})
        expected_after = values_of(session)
        expected_moved = moved(before, expected_after)

    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 3], name="x")
        wrapped = {each: (lambda inputs: function(inputs[0][0])) for each in ("other", "chosen", "third")}
        net = Results(x, layer(wrapped, x))
        start(session)
        randomize(session)
        for _ in range(2):  # the second time after another one was chosen
            choose(session, h=1)
            tensors, gradients = session.run(net.tensors, {x: BATCH})
            tf.nest.map_structure(np.testing.assert_allclose, tensors, expected_tensors)
            for key, gradient in gradients.items():
                if key in expected_gradients:
                    np.testing.assert_allclose(gradient, expected_gradients[key], rtol=1e-5, atol=1e-6, err_msg=key)
                else:
                    assert not gradient.any(), key
            assert gradients.keys() >= expected_gradients.keys()
            choose(session, h=2)
            session.run(net.loss, {x: BATCH})
        choose(session, h=1)
        before = values_of(session)
        session.run(net.step, {x: BATCH})
        after = values_of(session)
        assert moved(before, after) == expected_moved
        for key, value in expected_after.items():
            np.testing.assert_allclose(after[key], value, rtol=1e-5, atol=1e-6, err_msg=key)
