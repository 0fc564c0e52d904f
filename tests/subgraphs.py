"""Nets that are built as a supernet and, one architecture at a time, by hand; and training steps of both, compared.

def net(layers, x):
    h = layers.layer({"dense": dense, "zero": zero}, x, key="h")
    return tf.reduce_mean(h)

check_steps(net, lambda: v1.train.AdamOptimizer(0.1), [{"h": 0}, {"h": 1}])
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from supernet import choose, layer, moved, randomize, start, values_of

v1 = tf.compat.v1

OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "sgd": lambda: v1.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: v1.train.MomentumOptimizer(0.1, 0.9),
    "nesterov": lambda: v1.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adam": lambda: v1.train.AdamOptimizer(0.1),
    "rmsprop": lambda: v1.train.RMSPropOptimizer(0.1, momentum=0.9),
    "centered rmsprop": lambda: v1.train.RMSPropOptimizer(0.1, momentum=0.9, centered=True),
    "adagrad": lambda: v1.train.AdagradOptimizer(0.1),
    "adadelta": lambda: v1.train.AdadeltaOptimizer(0.1),
    "adagrad da": lambda: v1.train.AdagradDAOptimizer(0.1, v1.train.get_or_create_global_step()),
    "ftrl": lambda: v1.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "proximal sgd": lambda: v1.train.ProximalGradientDescentOptimizer(0.1, l2_regularization_strength=0.01),
    "proximal adagrad": lambda: v1.train.ProximalAdagradOptimizer(0.1, l2_regularization_strength=0.01),
}
WIDTH = 3
BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [4, WIDTH])

Choices = Mapping[str, int | tuple[int, tuple[int, ...]]]
Net = Callable[[Any, Any], Any]
Train = Callable[[Any, Any], Any]


class Supernet:
    """Builds mutable layers."""

    is_by_hand = False

    def layer(self, functions: Mapping[str, Any], *fixed: Any, key: str = "h", **optional: Any) -> Any:
        return layer(dict(functions), *fixed, key=key, **optional)


class ByHand:
    """Builds of each layer what is chosen."""

    is_by_hand = True

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def layer(self, functions: Mapping[str, Any], *fixed: Any, key: str = "h", **optional: Any) -> Any:
        choice = self._choices[key]
        candidate, positions = (choice, ()) if isinstance(choice, int) else choice
        name = list(functions)[candidate]
        inputs = list(optional.get("optional_inputs", {}).values())
        with v1.variable_scope(f"{key}/{name}"):
            return functions[name]([list(fixed), [inputs[position] for position in positions]])


def aggressive() -> Any:
    """A session's settings under which grappler does all that it can, also with graphs as small as these."""
    config = v1.ConfigProto()
    options = config.graph_options.rewrite_options
    for name in ("constant_folding", "arithmetic_optimization", "dependency_optimization", "remapping"):
        setattr(options, name, 3)
    options.min_graph_nodes = -1
    return config


def minimize(optimizer: Any, loss: Any) -> Any:
    """The plain training step."""
    pairs = [(gradient, v) for gradient, v in optimizer.compute_gradients(loss) if gradient is not None]
    return optimizer.apply_gradients(pairs)


def clipped(optimizer: Any, loss: Any) -> Any:
    """A training step with gradients clipped by their common norm."""
    pairs = [(gradient, v) for gradient, v in optimizer.compute_gradients(loss) if gradient is not None]
    gradients, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 0.05)
    return optimizer.apply_gradients([(gradient, v) for gradient, (_, v) in zip(gradients, pairs, strict=True)])


def check_steps(
    net: Net, optimizer: Callable[[], Any], steps: Sequence[Choices], train: Train = minimize, config: Any = None
) -> None:
    """Train both with the architectures in turn; what a step by hand leaves alone has to stay bit for bit as it is."""
    expected = _steps_by_hand(net, optimizer, steps, train)
    with tf.Graph().as_default(), v1.Session(config=config) as session:
        x = v1.placeholder(tf.float32, [None, WIDTH])
        step = train(optimizer(), net(Supernet(), x))
        start(session)
        randomize(session, v1.trainable_variables())
        before = values_of(session)
        for choices, (changed, reference) in zip(steps, expected, strict=True):
            choose(session, **choices)
            session.run(step, {x: BATCH})
            after = values_of(session)
            assert moved(before, after) == changed, choices
            for name, value in reference.items():
                np.testing.assert_allclose(after[name], value, rtol=2e-4, atol=1e-5, err_msg=f"{name}, {choices}")
            before = after


def _steps_by_hand(
    net: Net, optimizers: Callable[[], Any], steps: Sequence[Choices], train: Train
) -> list[tuple[set[str], Any]]:
    """What moves in each step, and the values after it, in one graph whose sub-graphs share weights and slots."""
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, WIDTH])
        training: dict[str, Any] = {}
        optimizer = optimizers()
        with v1.variable_scope("", reuse=v1.AUTO_REUSE):
            for choices in steps:
                key = json.dumps(choices)
                if key not in training:
                    training[key] = train(optimizer, net(ByHand(choices), x))
        start(session)
        randomize(session, v1.trainable_variables())
        found = []
        before = values_of(session)
        for choices in steps:
            session.run(training[json.dumps(choices)], {x: BATCH})
            after = values_of(session)
            found.append((moved(before, after), after))
            before = after
        return found
