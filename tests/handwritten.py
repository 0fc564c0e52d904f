"""A three-layer net twice: as annotated code calls a mode's runtime, and by hand, one plain sub-graph at a time.

The space: h1 is one of two candidates; h2 one of two, beside one of two optional inputs; h3 one of two, beside any
of two. 64 architectures in all. Candidates make their weights as trial code does, with `tf.Variable` of a tensor and
with `tf.get_variable`, and one has none. By hand, the weights have the names that the modes give them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, combinations, product
from typing import Any

import numpy as np
import tensorflow as tf

from nascompile_runtime.layer import candidate

v1 = tf.compat.v1

WIDTH = 4
Architecture = dict[str, Any]
BLOCK = "net/build"


def annotated(x: Any, layer: Callable[..., Any]) -> Any:
    """The net, with `classic.sub_graph` or its like for `layer`."""
    h1 = layer(
        BLOCK,
        "h1",
        layer_choice=[
            candidate("dense()", "h1/dense", dense),
            candidate("double()", "h1/double", double),
        ],
        fixed_inputs=[x],
    )
    h2 = layer(
        BLOCK,
        "h2",
        layer_choice=[
            candidate("dense()", "h2/dense", dense),
            candidate("gate(power=2.0)", "h2/gate_power_2_0", gate, power=2.0),
        ],
        fixed_inputs=[h1],
        optional_inputs={"x": x, "h1": h1},
        optional_input_size=1,
    )
    return layer(
        BLOCK,
        "h3",
        layer_choice=[candidate("double()", "h3/double", double), candidate("dense()", "h3/dense", dense)],
        fixed_inputs=[h2],
        optional_inputs={"x": x, "h1": h1},
        optional_input_size=[0, 2],
    )


def dense(inputs: list[Any]) -> Any:
    w = tf.Variable(v1.truncated_normal([WIDTH, WIDTH], stddev=0.5), name="w")
    b = v1.get_variable("b", [WIDTH], initializer=v1.constant_initializer(0.1))
    return tf.tanh(tf.matmul(_sum(inputs), w) + b)


def gate(inputs: list[Any], power: float) -> Any:
    g = v1.get_variable("g", [WIDTH], initializer=v1.ones_initializer())
    return _sum(inputs) * tf.sigmoid(power * g)


def double(inputs: list[Any]) -> Any:
    return 2.0 * _sum(inputs)


def _sum(inputs: list[Any]) -> Any:
    fixed, optional = inputs
    return fixed[0] if isinstance(optional, list) and not optional else fixed[0] + tf.reduce_sum(optional, axis=0)


def by_hand(x: Any, architecture: Architecture) -> Any:
    """The sub-graph of an architecture in plain TensorFlow. Built again, it shares its weights."""
    block = architecture[BLOCK]
    with v1.variable_scope(v1.get_variable_scope(), reuse=v1.AUTO_REUSE):
        match block["h1"]["chosen_layer"]:
            case "dense()":
                h1 = tf.tanh(tf.matmul(x, _weight("h1/dense/w", 2)) + _weight("h1/dense/b"))
            case "double()":
                h1 = 2.0 * x
        (skipped,) = block["h2"]["chosen_inputs"]
        mixed = h1 + {"x": x, "h1": h1}[skipped]
        match block["h2"]["chosen_layer"]:
            case "dense()":
                h2 = tf.tanh(tf.matmul(mixed, _weight("h2/dense/w", 2)) + _weight("h2/dense/b"))
            case "gate(power=2.0)":
                h2 = mixed * tf.sigmoid(2.0 * _weight("h2/gate_power_2_0/g"))
        mixed = h2
        for name in block["h3"]["chosen_inputs"]:
            mixed = mixed + {"x": x, "h1": h1}[name]
        match block["h3"]["chosen_layer"]:
            case "double()":
                return 2.0 * mixed
            case "dense()":
                return tf.tanh(tf.matmul(mixed, _weight("h3/dense/w", 2)) + _weight("h3/dense/b"))


def _weight(name: str, rank: int = 1) -> Any:
    return v1.get_variable(name, [WIDTH] * rank, use_resource=True)


def architectures() -> Iterator[Architecture]:
    """All 64 of the space."""
    any_of_two = list(chain.from_iterable(combinations(["x", "h1"], size) for size in range(3)))
    for h1, h2, skipped, h3, added in product(
        ["dense()", "double()"],
        ["dense()", "gate(power=2.0)"],
        ["x", "h1"],
        ["double()", "dense()"],
        any_of_two,
    ):
        yield {
            BLOCK: {
                "h1": {"chosen_layer": h1, "chosen_inputs": []},
                "h2": {"chosen_layer": h2, "chosen_inputs": [skipped]},
                "h3": {"chosen_layer": h3, "chosen_inputs": list(added)},
            }
        }


WEIGHTS = {
    "h1/dense/w": 2, "h1/dense/b": 1,
    "h2/dense/w": 2, "h2/dense/b": 1, "h2/gate_power_2_0/g": 1,
    "h3/dense/w": 2, "h3/dense/b": 1,
}  # fmt: skip
"""The weights of the whole space by name, with their ranks."""


def random_weights(seed: int) -> dict[str, Any]:
    """Values for all weights of the space."""
    generator = np.random.default_rng(seed)
    return {name: generator.normal(size=[WIDTH] * rank).astype("float32") for name, rank in WEIGHTS.items()}


def load_weights(session: Any, values: Mapping[str, Any]) -> None:
    """Set the weights that the session's graph has."""
    initializers = {each.initializer: values[each.op.name] for each in v1.trainable_variables()}
    session.run(list(initializers), {each.inputs[1]: value for each, value in initializers.items()})
