"""What TensorFlow makes of a candidate when it optimises the graph stays in the candidate, wherever that stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, randomize, start, values_of

v1 = tf.compat.v1

WIDTH = 3
ROWS = 2


def weight() -> Any:
    return v1.get_variable("w", [WIDTH], use_resource=True)


REWRITTEN: dict[str, Callable[[Any], Any]] = {
    "a sum of equals becomes a product": lambda x: x + x,
    "an n-ary sum of equals becomes a product": lambda x: tf.add_n([x, x]),
    "the gradient is a sum of equals": lambda x: x + tf.reshape(x, [ROWS, WIDTH]),
    "the gradient is a sum with what is stopped": lambda x: x + tf.stop_gradient(x),
    "sums are flattened": lambda x: tf.add_n([x, x * weight(), x + x]),
    "a common factor is hoisted": lambda x: x * weight() + x * tf.sin(x),
    "common terms are shared": lambda x: tf.tanh(x) * tf.tanh(x) + tf.nn.relu(x) * tf.nn.relu(x) * weight(),
    "a power is a constant": lambda x: tf.pow(x, 0.0) * weight(),
    "a power is a square": lambda x: tf.pow(x, 2.0) * weight(),
    "a stack of equals is tiled": lambda x: tf.reduce_sum(tf.stack([x, x]), axis=0),
    "a stack of one is reshaped": lambda x: tf.reduce_sum(tf.stack([x]), axis=0) * weight(),
    "a difference is a constant": lambda x: x - x + weight(),
    "a quotient is a constant": lambda x: x / x * weight(),
    "a product is a constant": lambda x: x * 0.0 + weight(),
    "ones are a constant": lambda x: tf.ones_like(x) * weight(),
    "a shape is a constant": lambda x: x * tf.cast(tf.shape(x)[0], tf.float32) * weight(),
    "factors are folded": lambda x: x * 2.0 * 3.0 * weight(),
    "two transpositions are none": lambda x: tf.transpose(tf.transpose(x)) + x,
    "a chain is hoisted out of a concatenation": lambda x: tf.add_n(tf.split(tf.tanh(tf.concat([x, x], 0)), 2)),
    "nothing is left of it": tf.identity,
}


UNKNOWN_SIZE = [
    "a sum of equals becomes a product",
    "the gradient is a sum with what is stopped",
    "ones are a constant",
]


@pytest.mark.parametrize(
    ("what", "rows"), [*((what, ROWS) for what in REWRITTEN), *((what, None) for what in UNKNOWN_SIZE)]
)
def test_a_candidate_at_every_position_is_as_by_hand(what: str, rows: int | None) -> None:
    position_of = {f"h{position}": position for position in range(3)}

    def supernet(x: Any) -> Any:
        for key, position in position_of.items():
            functions: list[tuple[str, Callable[..., Any]]] = [
                ("tanh", lambda inputs: tf.tanh(inputs[0][0])),
                ("scaled", lambda inputs: tf.sin(inputs[0][0]) * weight()),
            ]
            functions.insert(position, ("rewritten", lambda inputs: REWRITTEN[what](inputs[0][0])))
            x = layer(dict(functions), x, key=key)
        return x

    def by_hand(x: Any) -> Any:
        for key in position_of:
            with v1.variable_scope(f"{key}/rewritten"):
                x = REWRITTEN[what](x)
        return x

    found = _train(supernet, rows, lambda session: choose(session, **position_of))
    expected = _train(by_hand, rows, lambda session: None)
    for settings, (outputs, values) in expected.items():
        for mine, hand in zip(found[settings][0], outputs, strict=True):
            np.testing.assert_allclose(mine, hand, rtol=1e-4, atol=1e-4, err_msg=settings)
        for name, value in values.items():
            np.testing.assert_allclose(found[settings][1][name], value, rtol=1e-4, atol=1e-4, err_msg=name)


def test_a_candidate_that_gets_one_tensor_twice_trains(graph: Any) -> None:
    s = v1.get_variable("s", [], initializer=v1.ones_initializer())
    stem = s * tf.constant([0.5, 1.0, 0.5])
    candidates = {"product": lambda inputs: inputs[0][0] * inputs[0][1], "sum": lambda inputs: tf.add_n(inputs[0])}
    h = layer(candidates, stem, stem)
    step = v1.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(tf.square(h - 0.3)))
    with v1.Session() as session:
        start(session)
        choose(session, h=1)
        session.run(step)
        # By hand: h = 2 s x, so ds = mean(2 (2 s x - 0.3) 2 x) = 1.6.
        assert session.run(s) == pytest.approx(1 - 0.1 * np.mean([4 * 0.7 * 0.5, 4 * 1.7, 4 * 0.7 * 0.5]))


SETTINGS = {
    "default": {},
    "aggressive": dict.fromkeys(
        ["constant_folding", "arithmetic_optimization", "dependency_optimization", "remapping", "loop_optimization"], 3
    ),
    "off": {"disable_meta_optimizer": True},
}


def _train(
    build: Callable[[Any], Any], rows: int | None, begin: Callable[[Any], None]
) -> dict[str, tuple[list[Any], dict[str, Any]]]:
    """By settings: outputs and gradients of three steps of Momentum and Adam, and the values of all variables then."""
    found = {}
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [rows, WIDTH])
        s = v1.get_variable("s", [WIDTH], use_resource=True)
        h = build(x * s)
        loss = tf.reduce_mean(tf.square(h - 0.3)) + tf.reduce_sum(h) + tf.reduce_sum(s)
        gradients = v1.train.MomentumOptimizer(0.01, 0.9).compute_gradients(loss)
        pairs = {variable.op.name: (gradient, variable) for gradient, variable in gradients if gradient is not None}
        steps = [v1.train.MomentumOptimizer(0.01, 0.9).apply_gradients([pairs.pop("s")])]
        if pairs:
            steps.append(v1.train.AdamOptimizer(0.01).apply_gradients(pairs.values()))
        outputs = [h, loss, gradients[0][0]]
        for settings, options in SETTINGS.items():
            config = v1.ConfigProto(inter_op_parallelism_threads=1, intra_op_parallelism_threads=1)
            for option, value in {"min_graph_nodes": -1, **options}.items():
                setattr(config.graph_options.rewrite_options, option, value)
            with v1.Session(config=config) as session:
                start(session)
                randomize(session, v1.trainable_variables())
                begin(session)
                taken = []
                for number in range(3):
                    feed = {x: np.linspace(0.1, 1.0, ROWS * WIDTH).reshape(ROWS, WIDTH) + number}
                    taken += session.run(outputs, feed)
                    session.run(steps, feed)
                found[settings] = taken, values_of(session)
    return found
