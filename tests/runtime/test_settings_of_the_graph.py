"""What users set for the operations of a graph acts on theirs, and on none of ours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, start

from nascompile_runtime.graph import darts, enas
from nascompile_runtime.graph.helpers import is_helper

v1 = tf.compat.v1

TYPES = [
    "Identity", "IdentityN", "Switch", "_SwitchN", "Merge", "ReadVariableOp", "Bitcast", "ConcatV2", "ExpandDims",
    "Pack", "AddN", "Mul", "RealDiv", "Softmax", "Unpack", "StridedSlice", "Reshape",
]  # fmt: skip
"""What our operations are."""

tf.RegisterGradient("TestReversed")(lambda operation, *gradients: [-gradient for gradient in gradients])


def sine(inputs: Any) -> Any:
    return tf.sin(inputs[0][0])


def as_it_is(inputs: Any) -> Any:
    return inputs[0][0]


def first_chosen(inputs: Any) -> Any:
    return tf.tanh(inputs[1][0])


def sum_of_chosen(inputs: Any) -> Any:
    return tf.tanh(tf.reduce_sum(inputs[1], axis=0))


def supernet(x: Any) -> Any:
    """By hand, with the last candidate and the first input chosen in each layer: tanh(tanh(tanh(x)))."""
    h = layer({"sine": sine, "as_it_is": as_it_is}, x, key="h")
    k = layer({"tanh": lambda inputs: tf.tanh(inputs[0][0])}, h, key="k")
    inputs = {"k": k, "h": h}
    chosen = layer({"sine": sine, "first": first_chosen}, k, key="l", optional_inputs=inputs, optional_input_size=1)
    inputs = {"chosen": chosen, "k": k}
    return layer({"sine": sine, "sum": sum_of_chosen}, k, key="m", optional_inputs=inputs, optional_input_size=[0, 2])


CHOSEN: dict[str, Any] = {"h": 1, "k": 0, "l": (1, (0,)), "m": (1, (0,))}


@pytest.mark.parametrize("way", ["gradient_override_map", "_override_gradient_function"])
def test_gradients_that_are_set_by_type_are_not_those_of_our_operations(graph: Any, way: str) -> None:
    setting = "TestReversed" if way == "gradient_override_map" else lambda operation, *given: [-each for each in given]
    x = tf.constant([0.25, -0.5])
    with getattr(graph, way)(dict.fromkeys(TYPES, setting)):
        y = supernet(x)
    (found,) = tf.gradients(y, x)
    (expected,) = tf.gradients(tf.tanh(tf.tanh(tf.tanh(x))), x)
    with v1.Session() as session:
        choose(session, **CHOSEN)
        mine, by_hand = session.run([found, expected])
    np.testing.assert_allclose(mine, by_hand, rtol=1e-6)


def test_gradients_that_are_set_by_type_are_those_of_a_candidate(graph: Any) -> None:
    x = tf.constant([0.25, -0.5])
    with graph.gradient_override_map({"Identity": "TestReversed"}):
        y = layer({"sine": sine, "identity": lambda inputs: tf.identity(inputs[0][0])}, x)
    (gradient,) = tf.gradients(y, x)
    with v1.Session() as session:
        choose(session, h=1)
        assert session.run(gradient).tolist() == [-1.0, -1.0]


def test_gradients_that_are_set_by_type_are_not_those_of_a_weighted_sum(graph: Any) -> None:
    x = tf.constant([0.25, -0.5])
    with graph.gradient_override_map(dict.fromkeys(TYPES, "TestReversed")):
        y = darts.weighted_sum(
            "net",
            "h",
            layer_choice=[darts.candidate("sine()", "h/sine", sine), darts.candidate("id()", "h/id", as_it_is)],
            fixed_inputs=[x],
        )
    (gradient,) = tf.gradients(y, x)
    with v1.Session() as session:
        start(session)
        np.testing.assert_allclose(session.run(gradient), (np.cos([0.25, -0.5]) + 1) / 2, rtol=1e-6)


def test_attributes_that_are_set_are_not_those_of_our_operations(graph: Any) -> None:
    x = tf.constant([0.25, -0.5])
    with tf.xla.experimental.jit_scope():
        y = supernet(x)
        tf.gradients(y, x)

    compiled = {operation for operation in graph.get_operations() if _has(operation, "_XlaCompile")}
    assert {operation.type for operation in compiled} >= {"Sin", "Tanh", "Sum"}
    assert not [operation.name for operation in compiled if is_helper(operation) or "_Switch" in operation.type]


def test_a_scope_of_the_user_by_our_name_is_the_users(graph: Any) -> None:
    with v1.variable_scope("nascompile", reuse=v1.AUTO_REUSE):
        w = v1.get_variable("w", [], initializer=v1.ones_initializer(), use_resource=True)
        y = layer({"sine": sine, "scaled": lambda inputs: inputs[0][0] * w}, tf.constant(0.5))
        loss = y + tf.square(w)
    step = v1.train.GradientDescentOptimizer(0.25).minimize(loss)
    with v1.Session() as session:
        start(session)
        enas.get_next_parameter(session)
        choose(session, h=0)
        session.run(step)
        assert session.run(w) == 0.5  # the square counts, whatever is chosen


def _has(operation: Any, attribute: str) -> bool:
    try:
        return bool(operation.get_attr(attribute))
    except ValueError:
        return False
