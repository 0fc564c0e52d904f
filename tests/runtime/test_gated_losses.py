"""Regularisation in oneshot and darts: a candidate's losses count while its path is on, beside hand-written L2."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nascompile_runtime.graph import darts, oneshot

v1 = tf.compat.v1
X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)
WEIGHTS = ["h/dense_0/w", "h/dense_1/w", "h/dense_2/w"]

each_mode = pytest.mark.parametrize(
    ("mode", "build"), [(oneshot, oneshot.dropout_sum), (darts, darts.weighted_sum)], ids=["oneshot", "darts"]
)


@pytest.fixture
def session(graph: Any) -> Iterator[Any]:
    with v1.Session() as session:
        yield session


def l2(weight: Any) -> Any:
    return 0.5 * tf.reduce_sum(tf.square(weight))


def dense(inputs: list[Any], seed: int) -> Any:
    """A candidate whose weight is regularised."""
    initializer = v1.glorot_uniform_initializer(seed)
    return inputs[0][0] @ v1.get_variable("w", [4, 4], initializer=initializer, regularizer=l2)


def layer(build: Callable[..., Any], mode: Any, name: str = "h", candidates: int = 3) -> Any:
    choices = [mode.candidate(f"dense({i})", f"{name}/dense_{i}", dense, i) for i in range(candidates)]
    return build("b", name, layer_choice=choices, fixed_inputs=[tf.constant(X)])


def regularisation() -> tuple[Any, dict[str, Any]]:
    """The sum of the losses in the collection, and its gradients by weight."""
    total = tf.add_n(v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES))
    weights = v1.trainable_variables()
    gradients = tf.gradients(total, weights)
    return total, {each.op.name: gradient for each, gradient in zip(weights, gradients, strict=True)}


def weights_of(session: Any) -> dict[str, Any]:
    return {
        each.op.name: value
        for each, value in zip(v1.trainable_variables(), session.run(v1.trainable_variables()), strict=True)
    }


@each_mode
def test_losses_of_the_selected_candidate_alone_count(
    mode: Any, build: Any, session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "given.json"
    architectures = [{"b": {"h": {"chosen_layer": f"dense({i})", "chosen_inputs": []}}} for i in (2, 0, 1)]
    path.write_text(json.dumps(architectures))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
    layer(build, mode)
    total, gradients = regularisation()
    session.run(v1.global_variables_initializer())
    values = weights_of(session)
    for chosen in (2, 0, 1):
        mode.get_next_parameter(session)
        name = WEIGHTS[chosen]
        loss, found = session.run([total, gradients])
        np.testing.assert_allclose(loss, 0.5 * np.sum(values[name] ** 2), rtol=1e-6)
        for each in WEIGHTS:
            np.testing.assert_array_equal(found[each], values[each] if each == name else np.zeros([4, 4]))


@each_mode
def test_weights_decayed_by_hand_count_for_the_selected_candidate_alone(
    mode: Any, build: Any, session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def decayed(inputs: list[Any], seed: int) -> Any:
        weight = v1.get_variable("w", [4, 4], initializer=v1.glorot_uniform_initializer(seed))
        v1.add_to_collection("losses", 0.1 * tf.nn.l2_loss(weight))
        return inputs[0][0] @ weight

    architectures = [{"b": {"h": {"chosen_layer": f"decayed({i})", "chosen_inputs": []}}} for i in (1, 2)]
    (tmp_path / "given.json").write_text(json.dumps(architectures))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(tmp_path / "given.json"))
    choices = [mode.candidate(f"decayed({i})", f"h/dense_{i}", decayed, i) for i in range(3)]
    build("b", "h", layer_choice=choices, fixed_inputs=[tf.constant(X)])
    v1.losses.add_loss(tf.constant(2.0))
    total = v1.losses.get_total_loss()
    session.run(v1.global_variables_initializer())
    for chosen in (1, 2):
        mode.get_next_parameter(session)
        expected = 2 + 0.05 * np.sum(weights_of(session)[WEIGHTS[chosen]] ** 2)
        np.testing.assert_allclose(session.run(total), expected, rtol=1e-6)


@each_mode
def test_all_losses_count_while_all_paths_are_on(mode: Any, build: Any, session: Any) -> None:
    layer(build, mode)
    total, gradients = regularisation()
    session.run(v1.global_variables_initializer())
    values = weights_of(session)
    loss, found = session.run([total, gradients])
    np.testing.assert_allclose(loss, sum(0.5 * np.sum(values[each] ** 2) for each in WEIGHTS), rtol=1e-6)
    for each in WEIGHTS:
        np.testing.assert_array_equal(found[each], values[each])


def test_dropped_candidates_are_not_regularised_in_that_step(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.2, "drop_candidates": true}')
    output = layer(oneshot.dropout_sum, oneshot)
    alone = layer(oneshot.dropout_sum, oneshot, "alone", candidates=1)
    losses = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
    assert len(losses) == 4
    weights = v1.trainable_variables()
    gradients = tf.gradients([output, alone], weights)
    session.run(v1.global_variables_initializer())
    patterns = set()
    for _ in range(60):
        lost, moved = session.run([losses, gradients])
        on = [bool(np.any(gradient)) for gradient in moved]  # its weight is part of this step
        assert [bool(loss) for loss in lost] == on
        assert on[3], "an only candidate is the only path"
        patterns.add(tuple(on))
    assert len(patterns) > 3


@each_mode
def test_losses_outside_of_candidates_are_left_as_they_are(mode: Any, build: Any, graph: Any) -> None:
    v1.get_variable("own", [4], regularizer=l2)
    before = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
    layer(build, mode)
    after = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
    assert len(after) == 4
    assert after[0] is before[0]


@each_mode
def test_towers_that_share_weights_are_regularised_once(mode: Any, build: Any, session: Any) -> None:
    for _ in range(2):
        with v1.variable_scope("net", reuse=v1.AUTO_REUSE):
            layer(build, mode)
    assert len(v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)) == 3


@each_mode
def test_layer_in_a_loop_has_its_losses_outside(mode: Any, build: Any, session: Any) -> None:
    def body(i: Any, x: Any) -> list[Any]:
        with v1.variable_scope("net", reuse=v1.AUTO_REUSE):
            return [i + 1, x + layer(build, mode)]

    tf.while_loop(lambda i, x: i < 3, body, [0, tf.zeros([3, 4])])
    session.run(v1.global_variables_initializer())
    total = tf.add_n(v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES))
    expected = sum(0.5 * np.sum(value**2) for value in weights_of(session).values())
    np.testing.assert_allclose(session.run(total), expected, rtol=1e-6)


# --- batch normalisation ---


def normalised(inputs: list[Any], scale: float, training: Any) -> Any:
    """A candidate with batch normalisation, by batch statistics in training and by moving averages else."""
    x = inputs[0][0] * scale + tf.reduce_sum(inputs[1], axis=0)
    mean, variance = tf.nn.moments(x, axes=[0])
    ones = v1.ones_initializer()
    averages = [v1.get_variable(name, [4], initializer=ones, trainable=False) for name in ("mean", "variance")]
    for average, value in zip(averages, (mean, variance), strict=True):
        update = v1.assign_sub(average, 0.1 * (average - value))
        v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, update)
    mean, variance = tf.cond(training, lambda: (mean, variance), lambda: tuple(tf.identity(each) for each in averages))
    beta = v1.get_variable("beta", [4], initializer=ones)
    return tf.nn.batch_normalization(x, mean, variance, beta, None, 1e-3)


def test_batch_statistics_work_in_evaluation(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.5}')
    training, x, a = v1.placeholder(tf.bool, []), tf.constant(X**2), tf.constant(X[::-1] * X)
    output = oneshot.dropout_sum(
        "b",
        "h",
        layer_choice=[oneshot.candidate(f"bn({s})", f"h/bn_{s}", normalised, s, training) for s in (1.0, 3.0)],
        fixed_inputs=[x],
        optional_inputs={"a": a},
        optional_input_size=[0, 1],
    )
    updates = v1.get_collection(v1.GraphKeys.UPDATE_OPS)
    session.run(v1.global_variables_initializer())
    for _ in range(5):
        session.run(updates, {training: True})
    assert len({session.run(output, {training: True}).tobytes() for _ in range(12)}) > 1
    oneshot.begin_evaluation(session)
    seen = {session.run(output, {training: True}).tobytes() for _ in range(12)}
    assert len(seen) == 1
    expected = 0.0
    for scale in (1.0, 3.0):
        values = X**2 * scale + X[::-1] * X
        expected = expected + (values - values.mean(axis=0)) / np.sqrt(values.var(axis=0) + 1e-3) + 1
    np.testing.assert_allclose(session.run(output, {training: True}), expected, rtol=1e-4, atol=1e-5)
    assert np.abs(session.run(output, {training: False}) - expected).max() > 0.01
