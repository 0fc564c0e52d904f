"""A layer that nobody needs does not run: one whose output goes to optional inputs only, none of which is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, start, values_of

v1 = tf.compat.v1


class Net:
    """Layers of counted candidates, each `x * w`, and a training step of their sum."""

    def __init__(self) -> None:
        self.x = v1.placeholder(tf.float32, [None, 3])
        self.ran: set[str] = set()

    def layer(self, key: str, *fixed: Any, **optional: Any) -> Any:
        return layer({"a": self.candidate(f"{key}/a"), "b": self.candidate(f"{key}/b")}, *fixed, key=key, **optional)

    def candidate(self, name: str) -> Callable[[Any], Any]:
        def build(inputs: Any) -> Any:
            fixed, optional = inputs
            x = tf.reduce_sum(optional, axis=0) + sum(fixed) if len(fixed) else tf.reduce_sum(optional, axis=0)
            w = v1.get_variable("w", [3], regularizer=lambda w: 0.1 * tf.reduce_sum(tf.abs(w)))
            one = tf.numpy_function(lambda: (self.ran.add(name), np.float32(1.0))[1], [], tf.float32)
            return x * w * tf.ensure_shape(one, [])

        return build

    def train(self, y: Any, **more: Any) -> None:
        losses = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
        optimizer = v1.train.AdamOptimizer(0.1)
        pairs = optimizer.compute_gradients(tf.reduce_sum(y) + tf.add_n(losses))
        gradients, self.norm = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 1.0)
        self.step = optimizer.apply_gradients(zip(gradients, [variable for _, variable in pairs], strict=True))
        self.session = v1.Session()
        start(self.session)

    def check(self, expected: set[str], **choices: Any) -> None:
        """The candidates that run, forward and in a step, and whose weights and slots move."""
        choose(self.session, **choices)
        before = values_of(self.session)
        self.ran.clear()
        self.session.run([self.step, self.norm], {self.x: np.ones([2, 3])})
        assert self.ran == expected
        names = {each for each in moved(before, values_of(self.session)) if "power" not in each}
        assert names == {f"{each}/w{slot}" for each in expected for slot in ("", "/Adam", "/Adam_1")}


@pytest.fixture
def net(graph: Any) -> Any:
    net = Net()
    yield net
    net.session.close()


@pytest.mark.parametrize("size", [1, [0, 1], [1, 1]])
def test_a_layer_that_is_not_chosen_does_not_run(net: Net, size: Any) -> None:
    h = net.layer("h", net.x)
    k = net.layer("k", net.x)
    options: dict[str, Any] = {"h": h, "k": k, "x": net.x}
    net.train(net.layer("m", optional_inputs=options, optional_input_size=size))
    net.check({"h/a", "m/b"}, h=0, k=0, m=(1, (0,)))
    net.check({"k/b", "m/a"}, h=0, k=1, m=(0, (1,)))
    net.check({"m/a"}, h=0, k=1, m=(0, (2,)))
    if size == [0, 1]:
        net.check({"m/a"}, h=0, k=1, m=(0, ()))


@pytest.mark.parametrize("size", [1, [0, 2]])
def test_what_only_such_a_layer_needs_does_not_run_either(net: Net, size: Any) -> None:
    h = net.layer("h", net.x)
    k = net.layer("k", net.x, optional_inputs={"h": h, "x": net.x}, optional_input_size=size)
    needed = net.layer("needed", net.x)
    m = net.layer("m", needed, optional_inputs={"k": k, "h": h, "x": net.x}, optional_input_size=1)
    net.train(m)
    net.check({"h/a", "k/a", "needed/a", "m/a"}, h=0, k=(0, (0,)), needed=0, m=(0, (0,)))
    net.check({"k/a", "needed/b", "m/a"}, h=0, k=(0, (1,)), needed=1, m=(0, (0,)))
    net.check({"h/b", "needed/b", "m/b"}, h=1, k=(0, (0,)), needed=1, m=(1, (1,)))
    net.check({"needed/b", "m/b"}, h=1, k=(0, (0,)), needed=1, m=(1, (2,)))


def test_what_a_layer_that_does_not_run_would_use_is_trained_beside_it(net: Net) -> None:
    h = net.layer("h", net.x)
    k = net.layer("k", h, optional_inputs={"h": h, "x": net.x}, optional_input_size=[0, 1])
    m = net.layer("m", h, optional_inputs={"k": k, "x": net.x}, optional_input_size=1)
    net.train(m)
    net.check({"h/a", "k/a", "m/a"}, h=0, k=(0, (0,)), m=(0, (0,)))
    net.check({"h/a", "m/a"}, h=0, k=(0, (0,)), m=(0, (1,)))


def test_a_layer_with_another_consumer_runs(net: Net) -> None:
    h = net.layer("h", net.x)
    m = net.layer("m", optional_inputs={"h": h, "x": net.x}, optional_input_size=1)
    net.train(m + h)
    net.check({"h/a", "m/a"}, h=0, m=(0, (1,)))


def test_a_layer_without_consumers_runs(net: Net) -> None:
    h = net.layer("h", net.x)
    net.train(net.layer("m", net.x))
    choose(net.session, h=1, m=0)
    net.session.run(h, {net.x: np.ones([2, 3])})
    assert net.ran == {"h/b"}


def test_a_layer_that_an_operation_waits_for_runs(net: Net) -> None:
    h = net.layer("h", net.x)
    with tf.control_dependencies([h]):
        x = tf.identity(net.x)
    net.train(net.layer("m", x, optional_inputs={"h": h, "x": x}, optional_input_size=1))
    choose(net.session, h=1, m=(0, (1,)))
    net.session.run(net.step, {net.x: np.ones([2, 3])})
    assert net.ran == {"h/b", "m/a"}


def test_before_anything_is_loaded_all_layers_run(net: Net) -> None:
    h = net.layer("h", net.x)
    net.train(net.layer("m", optional_inputs={"x": net.x, "h": h}, optional_input_size=1))
    net.session.run(net.step, {net.x: np.ones([2, 3])})
    assert net.ran == {"h/a", "m/a"}
