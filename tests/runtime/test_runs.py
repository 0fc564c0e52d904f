"""What a run does in steps in which a layer does not run: an optional input that nobody chose."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf
from supernet import choose, layer, start
from tensorflow.python.ops.parallel_for.gradients import jacobian

from nascompile_runtime.layer import LayerError

v1 = tf.compat.v1


@pytest.fixture
def a(graph: Any) -> Any:
    """A layer that a second one may take as its input, beside another."""
    x = tf.constant(0.5)

    def scale(inputs: Any) -> Any:
        return inputs[0][0] * v1.get_variable("w", [], initializer=v1.ones_initializer())

    a = layer({"scale": scale, "sine": lambda inputs: tf.sin(inputs[0][0])}, x, key="a")
    b = layer({"sine": lambda inputs: tf.sin(inputs[0][0]), "cosine": lambda inputs: tf.cos(inputs[0][0])}, x, key="b")
    layer({"take": lambda inputs: inputs[1][0]}, key="h", optional_inputs={"a": a, "b": b}, optional_input_size=1)
    return a


@pytest.mark.parametrize("depth", [0, 1])
def test_a_layer_that_does_not_run_is_named_where_it_is_fetched(a: Any, depth: int) -> None:
    with v1.Session() as session:
        start(session)
        choose(session, a=0, b=0, h=(0, (1,)))
        fetched = [a, {"a": a}][depth]
        with pytest.raises(LayerError, match=r"cannot be fetched in this step: layer 'a' of block 'net' does not run"):
            session.run(fetched)
        choose(session, a=0, b=0, h=(0, (0,)))
        assert session.run(a) == 0.5


def test_an_operation_built_after_a_load_runs(a: Any) -> None:
    with v1.Session() as session:
        start(session)
        choose(session, a=0, b=0, h=(0, (1,)))
        step = v1.train.GradientDescentOptimizer(0.5).minimize(a)
        session.run(step)
        assert session.run(v1.trainable_variables()) == [0.75]
        choose(session, a=1, b=0, h=(0, (1,)))
        assert session.run(tf.identity(a)) == pytest.approx(0.47942554)


def test_an_operation_built_after_a_load_runs_in_a_monitored_session(a: Any) -> None:
    x = a + 1.0
    with v1.train.SingularMonitoredSession() as session:
        choose(session, a=0, b=0, h=(0, (1,)))
        assert session.run(x) == 1.5


def test_other_errors_stay_as_they_are(a: Any) -> None:
    given = v1.placeholder(tf.float32, [], name="given")
    with v1.Session() as session:
        start(session)
        choose(session, a=0, b=0, h=(0, (1,)))
        with pytest.raises(tf.errors.InvalidArgumentError, match="You must feed a value"):
            session.run(given)


@pytest.mark.filterwarnings("ignore")
def test_a_jacobian_says_how_it_can_be_had(graph: Any) -> None:
    x = tf.constant([0.1, 0.2])
    y = layer({"tanh": lambda inputs: tf.tanh(inputs[0][0]), "twice": lambda inputs: 2.0 * inputs[0][0]}, x)
    with pytest.raises(NotImplementedError, match=r"cannot be vectorized, as jacobian and pfor do"):
        jacobian(y, x)
    rows = tf.stack([tf.gradients(y[number], x)[0] for number in range(2)])
    with v1.Session() as session:
        choose(session, h=1)
        assert session.run(rows).tolist() == [[2.0, 0.0], [0.0, 2.0]]
