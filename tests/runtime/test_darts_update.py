"""Steps on architecture weights beside hand-written ones: first order, unrolled, and who is left alone meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import handwritten
import numpy as np
import pytest
import tensorflow as tf
from handwritten import annotated, random_weights

from nascompile_runtime import parameters
from nascompile_runtime.graph import darts
from nascompile_runtime.graph.weighted_sum.reading import read_weights

v1 = tf.compat.v1
VALID, TRAIN = (np.random.default_rng(seed).normal(size=[6, handwritten.WIDTH]).astype("float32") for seed in (1, 2))
ARCHITECTURE_WEIGHTS = {
    "h1/candidates": 2, "h2/candidates": 2, "h2/inputs": 2, "h3/candidates": 2, "h3/inputs": 2,
}  # fmt: skip
XI = 0.3


@pytest.fixture
def session(graph: Any) -> Iterator[Any]:
    with v1.Session() as session:
        yield session


class Net:
    """The annotated net in the current graph."""

    def __init__(self) -> None:
        self.x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
        self.loss = tf.reduce_mean(tf.square(annotated(self.x, darts.weighted_sum) - 1.0))

    def start(self, session: Any) -> None:
        """Initialise all variables, and set the model's own to the same values each time."""
        session.run(v1.global_variables_initializer())
        values = random_weights(3)
        initializers = [(each.initializer, values[each.op.name]) for each in v1.trainable_variables()]
        session.run([each for each, _ in initializers], {each.inputs[1]: value for each, value in initializers})

    def update(self, session: Any) -> None:
        darts.training_update(
            tf=tf, session=session, loss=self.loss, feed_dict={self.x: VALID}, train_feed_dict={self.x: TRAIN}
        )


class ByHand:
    """The same net in plain TensorFlow, as a function of all its weights."""

    def __init__(self) -> None:
        self.x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
        sizes = {name: [handwritten.WIDTH] * rank for name, rank in handwritten.WEIGHTS.items()}
        sizes |= {name: [size] for name, size in ARCHITECTURE_WEIGHTS.items()}
        self.given = {name: v1.placeholder(tf.float32, shape) for name, shape in sizes.items()}
        self.loss = self._loss()
        self.gradients = dict(zip(self.given, tf.gradients(self.loss, list(self.given.values())), strict=True))

    def _loss(self) -> Any:
        x, w = self.x, self.given

        def dense(name: str, mixed: Any) -> Any:
            return tf.tanh(tf.matmul(mixed, w[f"{name}/dense/w"]) + w[f"{name}/dense/b"])

        share = tf.nn.softmax(w["h1/candidates"])
        h1 = share[0] * dense("h1", x) + share[1] * (2.0 * x)
        share, one_of = tf.nn.softmax(w["h2/candidates"]), tf.nn.softmax(w["h2/inputs"])
        mixed = h1 + one_of[0] * x + one_of[1] * h1
        h2 = share[0] * dense("h2", mixed) + share[1] * mixed * tf.sigmoid(2.0 * w["h2/gate_power_2_0/g"])
        share, any_of = tf.nn.softmax(w["h3/candidates"]), tf.sigmoid(w["h3/inputs"])
        mixed = h2 + any_of[0] * x + any_of[1] * h1
        return tf.reduce_mean(tf.square(share[0] * (2.0 * mixed) + share[1] * dense("h3", mixed) - 1.0))

    def slopes(self, session: Any, weights: dict[str, Any], batch: Any) -> dict[str, Any]:
        feed = {self.x: batch} | {self.given[name]: value for name, value in weights.items()}
        return session.run(self.gradients, feed)  # type: ignore[no-any-return]

    def unrolled(self, session: Any, weights: dict[str, Any]) -> dict[str, Any]:
        """The gradient by the architecture weights, seen through a step of the others: equations 6 to 8."""

        def moved(slopes: dict[str, Any], distance: float) -> dict[str, Any]:
            own = {name: np.float32(weights[name] + distance * slopes[name]) for name in handwritten.WEIGHTS}
            return weights | own

        ahead = moved(self.slopes(session, weights, TRAIN), -XI)
        outer = self.slopes(session, ahead, VALID)
        epsilon = 0.01 / np.sqrt(sum(np.sum(np.float64(outer[name]) ** 2) for name in handwritten.WEIGHTS))
        above = self.slopes(session, moved(outer, epsilon), TRAIN)
        below = self.slopes(session, moved(outer, -epsilon), TRAIN)
        return {name: outer[name] - XI * (above[name] - below[name]) / (2 * epsilon) for name in ARCHITECTURE_WEIGHTS}


class Adam:
    """Adam with weight decay, in numpy, of Kingma and Ba, ICLR 2015, algorithm 1."""

    def __init__(self, rate: float, beta_1: float, beta_2: float, decay: float) -> None:
        self.rate, self.beta_1, self.beta_2, self.decay = rate, beta_1, beta_2, decay
        self.first = dict.fromkeys(ARCHITECTURE_WEIGHTS, 0.0)
        self.second = dict.fromkeys(ARCHITECTURE_WEIGHTS, 0.0)
        self.count = 0

    def step(self, weights: dict[str, Any], slopes: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        after = dict(weights)
        for name in ARCHITECTURE_WEIGHTS:
            slope = np.float64(slopes[name]) + self.decay * weights[name]
            self.first[name] = self.beta_1 * self.first[name] + (1 - self.beta_1) * slope
            self.second[name] = self.beta_2 * self.second[name] + (1 - self.beta_2) * slope**2
            first = self.first[name] / (1 - self.beta_1**self.count)
            second = self.second[name] / (1 - self.beta_2**self.count)
            after[name] = weights[name] - self.rate * first / (np.sqrt(second) + 1e-8)
        return after


def found(session: Any) -> dict[str, Any]:
    """The architecture weights of the session, by layer and kind."""
    values = {}
    for space, reading in read_weights(session).items():
        for kind in ("candidates", "inputs"):
            if getattr(reading, kind):
                values[f"{space.layer}/{kind}"] = np.array(getattr(reading, kind))
    return values


@pytest.mark.parametrize("unrolled", [False, True], ids=["first order", "unrolled"])
@pytest.mark.parametrize("by_default", [True, False], ids=["as in the paper", "configured"])
def test_steps_are_those_by_hand(
    unrolled: bool, by_default: bool, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate, beta_1, beta_2, decay = (3e-4, 0.5, 0.999, 1e-3) if by_default else (0.1, 0.8, 0.9, 0.05)
    config = {"unrolled": unrolled, "unrolled_learning_rate": XI}
    if not by_default:
        config |= {"arch_learning_rate": rate, "arch_beta1": beta_1, "arch_beta2": beta_2, "arch_weight_decay": decay}
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps(config))
    net, hand = Net(), ByHand()
    net.start(session)
    adam = Adam(rate, beta_1, beta_2, decay)
    weights = random_weights(3) | {name: np.zeros(size) for name, size in ARCHITECTURE_WEIGHTS.items()}
    for _ in range(6):
        slopes = hand.unrolled(session, weights) if unrolled else hand.slopes(session, weights, VALID)
        weights = adam.step(weights, slopes)
        net.update(session)
        values = found(session)
        assert values.keys() == ARCHITECTURE_WEIGHTS.keys()
        for name, value in values.items():
            # The difference of two passes at a distance of 0.02 loses some digits.
            atol = rate * (2e-3 if unrolled else 2e-5)
            np.testing.assert_allclose(value, weights[name], rtol=0, atol=atol, err_msg=name)
    assert all(np.abs(value).max() > rate for value in found(session).values())


def test_second_order_has_another_gradient_than_the_first(session: Any) -> None:
    hand = ByHand()
    weights = random_weights(3) | {name: np.zeros(size) for name, size in ARCHITECTURE_WEIGHTS.items()}
    first, second = hand.slopes(session, weights, VALID), hand.unrolled(session, weights)
    ratios = [np.abs(first[name] - second[name]).max() / np.abs(first[name]).max() for name in ARCHITECTURE_WEIGHTS]
    assert max(ratios) > 0.1


@pytest.mark.parametrize("optimizer", ["Adam", "GradientDescent", "Momentum"])
def test_optimizer_of_the_user_leaves_architecture_weights_alone(optimizer: str, session: Any) -> None:
    net = Net()
    arguments = {"momentum": 0.9} if optimizer == "Momentum" else {}
    step = getattr(v1.train, f"{optimizer}Optimizer")(0.1, **arguments).minimize(net.loss)
    assert {each.op.name for each in v1.trainable_variables()} == handwritten.WEIGHTS.keys()
    net.start(session)
    net.update(session)
    mine = [each for each in v1.global_variables() if each.op.name.startswith("nascompile/")]
    assert len(mine) == 1 + 3 * len(ARCHITECTURE_WEIGHTS)
    before, weights = session.run([mine, v1.trainable_variables()])
    for _ in range(3):
        session.run(step, {net.x: TRAIN})
    for one, other in zip(before, session.run(mine), strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(weights, session.run(v1.trainable_variables()), strict=True):
        assert np.any(one != other)


@pytest.mark.parametrize("references", [False, True], ids=["resource variables", "reference variables"])
@pytest.mark.parametrize("unrolled", [False, True], ids=["first order", "unrolled"])
def test_updates_leave_all_variables_of_the_user_alone(
    unrolled: bool, references: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"unrolled": unrolled}))
    if references:
        v1.disable_resource_variables()
    try:
        with tf.Graph().as_default(), v1.Session() as session:
            net = Net()
            step = v1.train.AdamOptimizer(0.1).minimize(net.loss)
            net.start(session)
            session.run(step, {net.x: TRAIN})
            users = [each for each in v1.global_variables() if not each.op.name.startswith("nascompile/")]
            before = [value.copy() for value in session.run(users)]
            weights = found(session)
            for _ in range(3):
                net.update(session)
            for one, other in zip(before, session.run(users), strict=True):
                assert one.tobytes() == other.tobytes()
            for name, value in found(session).items():
                assert np.any(value != weights[name]), name
    finally:
        v1.enable_resource_variables()


def test_pass_that_fails_leaves_the_weights_as_they_were(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"unrolled": true, "unrolled_learning_rate": 0.1}')
    net = Net()
    net.start(session)
    before = session.run(v1.trainable_variables())
    for feeds in ([TRAIN[:, :1], VALID], [TRAIN, VALID[:, :1]]):
        train, valid = ({net.x: batch} for batch in feeds)
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            darts.training_update(session=session, loss=net.loss, feed_dict=valid, train_feed_dict=train)
        for one, other in zip(before, session.run(v1.trainable_variables()), strict=True):
            np.testing.assert_array_equal(one, other)


def test_training_finds_the_candidate_that_helps(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"arch_learning_rate": 0.1}')
    x = tf.constant(TRAIN)
    output = darts.weighted_sum(
        "b",
        "h",
        layer_choice=[
            darts.candidate(f"scale({factor})", f"h/{factor}", lambda inputs, by: by * sum(inputs[1]), factor)
            for factor in (0.0, 1.0, -1.0)
        ],
        optional_inputs={"x": x, "noise": tf.constant(VALID)},
        optional_input_size=1,
    )
    loss = tf.reduce_mean(tf.square(output - x))
    session.run(v1.global_variables_initializer())
    for _ in range(80):
        darts.training_update(session=session, loss=loss)
    ((_, reading),) = read_weights(session).items()
    assert reading.choice.candidate == 1
    assert reading.choice.inputs == (0,)
    assert reading.candidate_factors[1] > 0.8


# --- history ---


def test_history_is_recorded_every_so_many_updates(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "results.jsonl"
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(path))
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"history_every": 2, "arch_learning_rate": 0.1}')
    net = Net()
    net.start(session)
    readings = []
    for _ in range(5):
        net.update(session)
        readings.append(read_weights(session))
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(record["type"], record["sequence"]) for record in records] == [
        ("architecture_weights", 2),
        ("architecture_weights", 4),
    ]
    for record, reading in zip(records, readings[1::2], strict=True):
        for space, layer in reading.items():
            recorded = record["weights"][space.block][space.layer]
            assert recorded["layer_choice"] == dict(zip(space.candidates, layer.candidate_factors, strict=True))
            assert recorded["optional_inputs"] == dict(zip(space.inputs, layer.input_factors, strict=False))
            chosen = record["architecture"][space.block][space.layer]
            assert chosen["chosen_layer"] == space.candidates[layer.choice.candidate]
    assert all(one != other for one, other in pairwise(record["weights"] for record in records))


def test_no_history_is_recorded_where_it_is_not_wanted(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "results.jsonl"))
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"history_every": 0}')
    net = Net()
    net.start(session)
    net.update(session)
    assert (tmp_path / "results.jsonl").read_text() == ""


# --- sessions and graphs ---


def test_session_may_be_the_default_one(session: Any) -> None:
    net = Net()
    net.start(session)
    assert v1.get_default_session() is session
    darts.training_update(loss=net.loss, feed_dict={net.x: VALID})
    assert all(np.any(value) for value in found(session).values())


@pytest.mark.parametrize("unrolled", [False, True], ids=["first order", "unrolled"])
def test_monitored_session_trains_what_was_prepared(
    unrolled: bool, graph: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"unrolled": unrolled}))
    net = Net()
    step = v1.train.AdamOptimizer(0.1).minimize(net.loss, global_step=v1.train.create_global_step())
    darts.training_update(loss=net.loss)
    hooks = [v1.train.StopAtStepHook(4)]
    with v1.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path), hooks=hooks) as session:
        while not session.should_stop():
            net.update(session)
            session.run(step, {net.x: TRAIN})
    kept = {name for name, _ in tf.train.list_variables(tf.train.latest_checkpoint(str(tmp_path)))}
    assert {f"nascompile/net/build/{name}" for name in ARCHITECTURE_WEIGHTS} <= kept
    assert not [name for name in kept if "kept" in name or "update" in name]


def test_finalized_graph_is_an_error_that_says_what_to_do(graph: Any) -> None:
    net = Net()
    with v1.Session() as session:
        net.start(session)
        graph.finalize()
        with pytest.raises(RuntimeError, match=r"call training_update\(loss=...\) once without a session, before"):
            net.update(session)


def test_two_losses_of_a_graph_are_told_apart(session: Any) -> None:
    net = Net()
    net.start(session)
    for loss in (net.loss, -net.loss):
        darts.training_update(session=session, loss=loss, feed_dict={net.x: VALID})
    up_again = found(session)
    net.start(session)
    for _ in range(2):
        net.update(session)
    assert all(np.any(value != up_again[name]) for name, value in found(session).items())


# --- mistakes ---


def test_update_says_what_it_misses(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session = v1.Session()  # no default session
    net = Net()
    net.start(session)
    with pytest.raises(ValueError, match="training_update needs the session that trains"):
        darts.training_update()
    with pytest.raises(ValueError, match="training_update needs the session that trains"):
        darts.training_update(loss=net.loss, feed_dict={net.x: VALID})
    for loss in (None, 0.5, tf.Graph()):
        with pytest.raises(ValueError, match="training_update needs the loss, a tensor of the session's graph"):
            darts.training_update(session=session, loss=loss)
    with pytest.raises(ValueError, match="does not depend on any architecture weight"):
        darts.training_update(session=session, loss=tf.reduce_sum(net.x), feed_dict={net.x: VALID})
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"unrolled": true}')
    parameters.reset()
    with pytest.raises(ValueError, match=r"needs training data too: training_update\(.*train_feed_dict"):
        darts.training_update(session=session, loss=net.loss, feed_dict={net.x: VALID})
    with pytest.raises(TypeError, match="a TensorFlow session is needed here, not 'session'"):
        darts.training_update(session="session", loss=net.loss)


@pytest.mark.parametrize("feed", [None, {}])
@pytest.mark.parametrize("unrolled", [False, True])
def test_update_without_its_data_names_the_placeholder_in_a_line(
    session: Any, monkeypatch: pytest.MonkeyPatch, feed: Any, unrolled: bool
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"unrolled": unrolled}))
    parameters.reset()
    net = Net()
    net.start(session)
    with pytest.raises(
        ValueError, match="training_update: the placeholder 'Placeholder' needs a value: feed_dict="
    ) as raised:
        darts.training_update(session=session, loss=net.loss, feed_dict=feed, train_feed_dict={net.x: TRAIN})
    assert "\n" not in str(raised.value)


def test_other_mistakes_of_an_update_are_told_as_they_are(session: Any) -> None:
    net = Net()
    net.start(session)
    with tf.control_dependencies([tf.debugging.Assert(tf.constant(False), ["an odd loss"])]):
        loss = net.loss * tf.identity(2.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="an odd loss"):
        darts.training_update(session=session, loss=loss, feed_dict={net.x: VALID})
