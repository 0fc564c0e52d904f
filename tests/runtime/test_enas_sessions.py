"""Training in several graphs and sessions of a process: in each a step trains what is chosen there, and only that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, start, values_of

from nascompile_runtime import parameters
from nascompile_runtime.graph import enas

v1 = tf.compat.v1
BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [4, 3])


def dense(inputs: Any) -> Any:
    return tf.tanh(tf.matmul(inputs[0][0], v1.get_variable("w", [3, 3])) + v1.get_variable("b", [3]))


def step_of(x: Any, counter: Any = None) -> Any:
    """A step of Adam on a layer `h` of the candidates a and b."""
    h = layer({"a": dense, "b": dense}, x)
    return v1.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(tf.square(h - 0.5)), counter)


def trained(session: Any, step: Any, chosen: int | None = None) -> set[str]:
    """The candidates that a step moves, weights and slots, after one was chosen."""
    if chosen is not None:
        choose(session, h=chosen)
    with session.graph.as_default():
        variables = [each for each in v1.global_variables() if each.op.name.startswith("h/")]
    before = values_of(session, variables)
    session.run(step)
    names = moved(before, values_of(session, variables))
    candidates = {name.split("/")[1] for name in names}
    assert names == {f"h/{each}/{w}{slot}" for each in candidates for w in "wb" for slot in ("", "/Adam", "/Adam_1")}
    return candidates


def test_two_sessions_of_one_graph(graph: Any) -> None:
    step = step_of(tf.constant(BATCH, tf.float32))
    with v1.Session() as first, v1.Session() as second:
        for session, chosen in ((first, 0), (second, 1)):
            start(session)
            choose(session, h=chosen)
        for _ in range(2):
            assert (trained(first, step), trained(second, step)) == ({"a"}, {"b"})
        choose(first, h=1)
        assert (trained(first, step), trained(second, step)) == ({"b"}, {"b"})


def test_two_graphs_that_are_built_in_turns() -> None:
    graphs = [tf.Graph(), tf.Graph()]
    inputs, outputs, sessions = [], [], []
    for each in graphs:
        with each.as_default():
            inputs.append(tf.constant(BATCH, tf.float32))
            outputs.append(layer({"a": dense, "b": dense}, inputs[-1]))
    steps = []
    for each, h in zip(graphs, outputs, strict=True):
        with each.as_default():
            steps.append(v1.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(tf.square(h - 0.5))))
            sessions.append(v1.Session())
            start(sessions[-1])
    for chosen in (0, 1, 0):
        assert [trained(*each, chosen) for each in zip(sessions, steps, strict=True)] == [{"ab"[chosen]}] * 2
        assert trained(sessions[0], steps[0], 1 - chosen) == {"ab"[1 - chosen]}
    for session in sessions:
        session.close()


def test_the_default_graph_is_reset_in_between() -> None:
    with tf.init_scope():
        was_eager = tf.executing_eagerly()
    v1.disable_eager_execution()
    try:
        for _ in range(2):
            v1.reset_default_graph()
            step = step_of(tf.constant(BATCH, tf.float32))
            with v1.Session() as session:
                start(session)
                assert [trained(session, step, chosen) for chosen in (0, 1)] == [{"a"}, {"b"}]
                enas.get_next_parameter(session)
                chosen = parameters.trial().architecture()["net"]["h"]["chosen_layer"][0]
                assert trained(session, step) == {chosen}
    finally:
        v1.reset_default_graph()
        if was_eager:
            v1.enable_eager_execution()


@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_under_a_supervisor(graph: Any, tmp_path: Path) -> None:
    counter = v1.train.get_or_create_global_step()
    step = step_of(tf.constant(BATCH, tf.float32), counter)
    supervisor = v1.train.Supervisor(graph=graph, logdir=None, summary_op=None)
    with supervisor.managed_session() as session:
        assert graph.finalized
        for _ in range(5):
            enas.get_next_parameter(session)
            chosen = parameters.trial().architecture()["net"]["h"]["chosen_layer"][0]
            assert trained(session, step) == {chosen}
        path = supervisor.saver.save(session, str(tmp_path / "model"))
        assert session.run(counter) == 5
    assert {f"h/{name}/w/Adam" for name in "ab"} <= {name for name, _ in tf.train.list_variables(path)}


def test_a_checkpoint_goes_on_as_if_nothing_had_been(graph: Any, tmp_path: Path) -> None:
    step = step_of(tf.constant(BATCH, tf.float32))
    saver = v1.train.Saver()
    choices = (0, 1, 1, 0, 1, 0)
    with v1.Session() as session:
        start(session)
        for number, chosen in enumerate(choices):
            if number == 3:
                path = saver.save(session, str(tmp_path / "model"))
            trained(session, step, chosen)
        expected = values_of(session)
    with v1.Session() as session:
        saver.restore(session, path)
        for chosen in choices[3:]:
            assert trained(session, step, chosen) == {"ab"[chosen]}
        assert not moved(expected, values_of(session))


def test_gradients_may_be_applied_twice(graph: Any) -> None:
    """By one optimizer, and by another one with slots of its own."""
    h = layer({"a": dense, "b": dense}, tf.constant(BATCH, tf.float32))
    optimizer, other = v1.train.AdamOptimizer(0.1), v1.train.MomentumOptimizer(0.1, 0.9)
    pairs = optimizer.compute_gradients(tf.reduce_mean(tf.square(h - 0.5)))
    steps = [optimizer.apply_gradients(pairs), optimizer.apply_gradients(pairs), other.apply_gradients(pairs)]
    weights = v1.trainable_variables()
    with v1.Session() as session:
        start(session)
        for step in [*steps, steps[:2], steps]:
            for chosen in (0, 1):
                choose(session, h=chosen)
                before = values_of(session)
                session.run(step)
                after = values_of(session)
                names = {name for name in moved(before, after) if name.startswith("h/")}
                assert {name.split("/")[1] for name in names} == {"ab"[chosen]}
                assert {each.op.name for each in weights} & names == {f"h/{'ab'[chosen]}/{w}" for w in "wb"}


def test_three_towers_of_which_one_is_trained(graph: Any) -> None:
    train, validation, test = (v1.placeholder(tf.float32, [None, 3]) for _ in range(3))
    towers = []
    for x in (train, validation, test):
        with v1.variable_scope("net", reuse=v1.AUTO_REUSE):
            towers.append(layer({"a": dense, "b": dense}, x))
    step = v1.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(tf.square(towers[0] - 0.5)))
    weights = v1.trainable_variables()
    assert [each.op.name for each in weights] == [f"net/h/{name}/{w}" for name in "ab" for w in "wb"]
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1, 0):
            choose(session, h=chosen)
            before = values_of(session, weights)
            session.run(step, {train: BATCH})
            after = values_of(session, weights)
            assert moved(before, after) == {f"net/h/{'ab'[chosen]}/{w}" for w in "wb"}
            w, b = (after[f"net/h/{'ab'[chosen]}/{each}"] for each in "wb")
            for tower, x in zip(towers, (train, validation, test), strict=True):
                np.testing.assert_allclose(session.run(tower, {x: BATCH}), np.tanh(BATCH @ w + b), rtol=1e-5, atol=1e-6)
