"""What would be dead without a word is refused when the graph is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
from supernet import layer

from nascompile_runtime.layer import LayerError

v1 = tf.compat.v1


def scaled(inputs: Any) -> Any:
    return inputs[0][0] * v1.get_variable("w", [3])


def leaking() -> tuple[Callable[[Any], Any], list[Any]]:
    """A candidate that puts a tensor aside, and where."""
    kept: list[Any] = []

    def candidate(inputs: Any) -> Any:
        y = scaled(inputs)
        kept.append(tf.reduce_sum(y, name="leak"))
        return y

    return candidate, kept


def test_a_candidate_cannot_use_what_another_made(graph: Any) -> None:
    candidate, kept = leaking()
    with pytest.raises(LayerError, match=r"'h/b/add' uses the tensor 'h/a/leak:0', which a candidate .* has made"):
        layer({"a": candidate, "b": lambda inputs: kept[0] + inputs[0][0]}, tf.ones([3]))


def test_a_candidate_cannot_return_what_another_made(graph: Any) -> None:
    candidate, kept = leaking()
    with pytest.raises(LayerError, match=r"uses the tensor 'h/a/leak:0'"):
        layer({"a": candidate, "b": lambda inputs: kept[0]}, tf.ones([3]))


def test_a_candidate_cannot_use_what_a_candidate_inside_of_it_made(graph: Any) -> None:
    candidate, kept = leaking()

    def outer(inputs: Any) -> Any:
        return layer({"a": candidate, "b": scaled}, inputs[0][0], key="inner") + kept[0]

    with pytest.raises(LayerError, match=r"'h/outer/add' uses the tensor 'h/outer/inner/a/leak:0'"):
        layer({"outer": outer, "plain": scaled}, tf.ones([3]))


USES: dict[str, Callable[[Any], Any]] = {
    "a sum of losses": lambda kept: tf.add_n([tf.constant(1.0), kept]),
    "a control dependency": lambda kept: _after(kept),
    "a control dependency on the operation": lambda kept: _after(kept.op),
    "a summary": lambda kept: v1.summary.scalar("leak", kept),
    "a conditional": lambda kept: tf.cond(v1.placeholder(tf.bool, []), lambda: kept, lambda: 0.0),
    "a function": lambda kept: tf.function(lambda: kept + 1.0, autograph=False)(),
}


def _after(dependency: Any) -> Any:
    with tf.control_dependencies([dependency]):
        return v1.random_normal([])


@pytest.mark.parametrize("use", USES)
def test_nothing_outside_can_use_what_a_candidate_made(graph: Any, use: str) -> None:
    candidate, kept = leaking()
    layer({"a": candidate, "b": scaled}, tf.ones([3]))
    with pytest.raises(LayerError, match=r"uses the (tensor 'h/a/leak:0'|operation 'h/a/leak'), which a candidate"):
        USES[use](kept[0])


def test_the_leak_of_a_single_candidate_is_no_leak(graph: Any) -> None:
    candidate, kept = leaking()
    layer({"a": candidate}, tf.ones([3]))
    tf.identity(kept[0])


def test_a_list_of_tensors_from_outside_would_lose_its_gradient(graph: Any) -> None:
    array = tf.TensorArray(tf.float32, 4, element_shape=[3]).unstack(v1.placeholder(tf.float32, [4, 3]))
    with pytest.raises(LayerError, match="a TensorArray from outside of the candidate, through which no gradient"):
        layer({"a": lambda _: array.stack(), "b": lambda _: 2.0 * array.stack()})


def test_a_list_of_integers_from_outside(graph: Any) -> None:
    array = tf.TensorArray(tf.int32, 3, element_shape=[]).unstack([1, 2, 3])
    y = layer({"a": lambda _: array.stack(), "b": lambda _: array.stack()})
    with v1.Session() as session:
        assert session.run(y).tolist() == [1, 2, 3]


def test_an_initial_value_cannot_depend_on_the_input(graph: Any) -> None:
    def normalized(inputs: Any) -> Any:
        ((x,), _) = inputs
        return x * tf.Variable(tf.reduce_mean(x, axis=0), name="w")

    with pytest.raises(LayerError, match=r"'h/a/Mean' is needed for an initial value and depends on .*switch"):
        layer({"a": normalized, "b": normalized}, tf.ones([2, 3]))


def second_of_input(x: Any, y: Any) -> None:
    (gradient,) = tf.gradients(y, x)
    tf.gradients(gradient**2, v1.trainable_variables())


def second_of_weights(x: Any, y: Any) -> None:
    v1.hessians(tf.reduce_sum(y**2), v1.trainable_variables()[:1])


def second_of_optional_input(x: Any, y: Any) -> None:
    y = layer({"a": lambda inputs: inputs[1][0] ** 2}, key="k", optional_inputs={"x": x, "y": y}, optional_input_size=1)
    tf.gradients(tf.gradients(y, x), x)


@pytest.mark.parametrize("build", [second_of_input, second_of_weights, second_of_optional_input])
def test_second_derivatives(graph: Any, build: Any) -> None:
    x = v1.placeholder(tf.float32, [3])
    y = layer({"a": scaled, "b": scaled}, x)
    with pytest.raises(NotImplementedError, match="cannot be differentiated once more"):
        build(x, y)


def minimize_in_cond(x: Any, y: Any) -> None:
    optimizer = v1.train.GradientDescentOptimizer(0.1)
    tf.cond(v1.placeholder(tf.bool, []), lambda: tf.group(optimizer.minimize(y)), tf.no_op)


def gradients_in_loop(x: Any, y: Any) -> None:
    tf.while_loop(lambda i, _: i < 3, lambda i, _: (i + 1, tf.gradients(y, x)[0]), [0, x])


@pytest.mark.parametrize("first_control_flow", [False, True])
@pytest.mark.parametrize("build", [minimize_in_cond, gradients_in_loop])
def test_gradients_cannot_be_taken_inside_of_a_conditional(graph: Any, build: Any, first_control_flow: bool) -> None:
    x = v1.placeholder(tf.float32, [3])
    y = layer({"a": scaled, "b": scaled}, x)
    if first_control_flow:
        v1.disable_control_flow_v2()
    try:
        with pytest.raises(RuntimeError, match=r"gradients cannot be taken through a mutable layer inside of a"):
            build(x, y)
    finally:
        v1.enable_control_flow_v2()
