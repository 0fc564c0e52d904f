"""A training step that did nothing is told, and no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
import tensorflow as tf
from supernet import choose, layer, start

from nascompile_runtime.graph import enas
from nascompile_runtime.graph.conditional import fork

v1 = tf.compat.v1


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The second candidate in each request."""
    path = tmp_path / "architecture.json"
    twice = {"chosen_layer": "twice()", "chosen_inputs": []}
    path.write_text(json.dumps({"net": {"h": twice, "g": twice}}))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))


def build(*, dead: bool = False, monkeypatch: pytest.MonkeyPatch | None = None) -> Any:
    """A training step; with `dead` as TensorFlow would have it where candidates take switches' outputs themselves."""
    if dead:
        assert monkeypatch is not None
        monkeypatch.setattr(fork, "anchor", lambda way: tf.identity(way) + _dead_like(way))
    s = v1.get_variable("s", [3], initializer=v1.ones_initializer(), use_resource=True)
    candidates = {"tanh": lambda inputs: tf.tanh(inputs[0][0]), "twice": lambda inputs: 2.0 * inputs[0][0]}
    return v1.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(layer(candidates, s)))


def _dead_like(way: Any) -> Any:
    """Zero where the first candidate is chosen, else dead."""
    return 0.0 * tf.identity(way.op.outputs[0])


def test_a_step_that_did_nothing_is_told_at_the_next_load(
    graph: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    step = build(dead=True, monkeypatch=monkeypatch)
    with v1.Session() as session:
        start(session)
        enas.get_next_parameter(session)
        session.run(step)
        session.run(step)
        assert capsys.readouterr().err == ""
        enas.get_next_parameter(session)
        said = capsys.readouterr().err
    assert "2 training steps did nothing" in said
    assert "with 'twice()' in layer 'h'" in said
    assert capsys.readouterr().err == ""


def test_a_step_that_did_nothing_is_told_when_the_session_is_closed(
    graph: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    step = build(dead=True, monkeypatch=monkeypatch)
    with v1.train.MonitoredSession() as session:
        enas.get_next_parameter(session)
        session.run(step)
    assert "a training step did nothing" in capsys.readouterr().err


def test_candidates_that_have_trained_are_not_suspected(
    graph: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    s = v1.get_variable("s", [3], initializer=v1.ones_initializer(), use_resource=True)
    tanh, twice = (lambda inputs: tf.tanh(inputs[0][0])), (lambda inputs: 2.0 * inputs[0][0])
    g = layer({"tanh": tanh, "twice": twice}, s, key="g")
    monkeypatch.setattr(fork, "anchor", lambda way: tf.identity(way) + _dead_like(way))
    step = v1.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(layer({"tanh": tanh, "twice": twice}, g)))
    with v1.Session() as session:
        start(session)
        choose(session, g=0, h=0)
        session.run(step)
        choose(session, g=0, h=1)
        session.run(step)
        choose(session, g=0, h=0)
    said = capsys.readouterr().err
    assert "layer 'h'" in said
    assert "layer 'g'" not in said


def test_steps_that_train_that_raise_and_that_are_not_run_are_not_told(
    graph: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    step = build()
    broken = tf.debugging.check_numerics(v1.placeholder(tf.float32, [], name="given"), "bad")
    with v1.Session() as session:
        start(session)
        for _ in range(3):
            enas.get_next_parameter(session)
            session.run(step)
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run([broken, step], {"given:0": float("nan")})
        enas.get_next_parameter(session)
        enas.get_next_parameter(session)
    assert capsys.readouterr().err == ""
