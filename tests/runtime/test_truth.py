"""Every mode against the same nets by hand: the same numbers for every architecture of the space."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import handwritten
import numpy as np
import pytest
import tensorflow as tf
from handwritten import annotated, architectures, by_hand, load_weights, random_weights

from nascompile_runtime import parameters
from nascompile_runtime.graph import classic, darts, enas, oneshot

v1 = tf.compat.v1
ALL = list(architectures())
# What runs once is not worth optimising.
PLAIN = v1.ConfigProto()
PLAIN.graph_options.rewrite_options.disable_meta_optimizer = True


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the trial a list of architectures."""

    def give(listed: list[Any]) -> None:
        path = tmp_path / "architectures.json"
        path.write_text(json.dumps(listed))
        monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
        parameters.reset()

    return give


class Net:
    """A net in the current graph: its output, and the gradients of its weights and of its input."""

    def __init__(self, x: Any, y: Any) -> None:
        self.x = x
        self.loss = tf.reduce_mean(tf.square(y - 1.0))
        variables = v1.trainable_variables()
        *found, to_x = tf.gradients(self.loss, [*variables, self.x])
        self.results = {"y": y, "x": to_x}
        for variable, gradient in zip(variables, found, strict=True):
            if gradient is not None:
                self.results[variable.op.name] = gradient

    def run(self, session: Any, batch: Any) -> dict[str, Any]:
        return session.run(self.results, {self.x: batch})  # type: ignore[no-any-return]


def annotated_net(layer: Any) -> Net:
    x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
    return Net(x, annotated(x, layer))


@pytest.fixture(scope="module")
def weights() -> dict[str, Any]:
    return random_weights(1)


@pytest.fixture(scope="module")
def batch() -> Any:
    return np.random.default_rng(2).normal(size=[5, handwritten.WIDTH]).astype("float32")


@pytest.fixture(scope="module")
def truth(weights: dict[str, Any], batch: Any) -> list[dict[str, Any]]:
    """What the hand-written sub-graphs give: output and gradients, of every architecture."""
    results = []
    for architecture in ALL:
        with tf.Graph().as_default(), v1.Session(config=PLAIN) as session:
            x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
            net = Net(x, by_hand(x, architecture))
            load_weights(session, weights)
            results.append(net.run(session, batch))
    return results


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        # Where TensorFlow optimises only one of the two, its fused kernels round otherwise: some units of the largest.
        np.testing.assert_allclose(found[name], value, rtol=1e-4, atol=1e-5, err_msg=name)


def test_classic_equals_the_hand_written_sub_graph(
    given: Any, truth: list[dict[str, Any]], weights: dict[str, Any], batch: Any
) -> None:
    given(ALL)
    for expected in truth:
        with tf.Graph().as_default(), v1.Session(config=PLAIN) as session:
            classic.get_next_parameter()
            net = annotated_net(classic.sub_graph)
            load_weights(session, weights)
            found = net.run(session, batch)
            assert found.keys() == expected.keys()
            assert_same(found, expected)


@pytest.mark.parametrize(
    ("mode", "layer"),
    [(enas, enas.conditional), (oneshot, oneshot.dropout_sum), (darts, darts.weighted_sum)],
    ids=["enas", "oneshot", "darts"],
)
def test_supernet_equals_the_hand_written_sub_graph(
    mode: Any,
    layer: Any,
    given: Any,
    truth: list[dict[str, Any]],
    weights: dict[str, Any],
    batch: Any,
    graph: Any,
) -> None:
    given(ALL)
    net = annotated_net(layer)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        load_weights(session, weights)
        for expected in truth:
            mode.get_next_parameter(session)
            found = net.run(session, batch)
            assert found.keys() - {"x", "y"} == weights.keys()
            assert_same(found, expected)
            for name in found.keys() - expected.keys():
                assert not found[name].any(), f"{name} was not chosen and has a gradient"


def test_enas_starts_on_the_first_architecture_of_the_list(
    given: Any, truth: list[dict[str, Any]], weights: dict[str, Any], batch: Any, graph: Any
) -> None:
    given(ALL[50:])
    net = annotated_net(enas.conditional)
    with v1.Session() as session:
        load_weights(session, weights)
        assert_same(net.run(session, batch), truth[50])


def test_enas_trains_the_weights_that_hand_written_nets_share(
    given: Any, weights: dict[str, Any], batch: Any, graph: Any
) -> None:
    some = range(0, len(ALL), 5)
    order = random.Random(3).choices(some, k=50)
    steps = [ALL[number] for number in order]
    given(steps)
    net = annotated_net(enas.conditional)
    step = v1.train.GradientDescentOptimizer(0.1).minimize(net.loss)
    with v1.Session() as session:
        load_weights(session, weights)
        for _ in steps:
            enas.get_next_parameter(session)
            session.run(step, {net.x: batch})
        trained = {each.op.name: value for each, value in _variables(session)}

    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
        optimizer = v1.train.GradientDescentOptimizer(0.1)
        updates = {
            number: optimizer.minimize(tf.reduce_mean(tf.square(by_hand(x, ALL[number]) - 1.0))) for number in some
        }
        load_weights(session, weights)
        for number in order:
            session.run(updates[number], {x: batch})
        expected = {each.op.name: value for each, value in _variables(session)}
    assert trained.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(trained[name], value, rtol=1e-4, atol=1e-5, err_msg=name)
        assert not np.array_equal(value, weights[name]), f"{name} was never trained"


def _variables(session: Any) -> list[tuple[Any, Any]]:
    variables = v1.trainable_variables()
    return list(zip(variables, session.run(variables), strict=True))
