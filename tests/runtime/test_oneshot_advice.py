"""oneshot tells, once, who ranks candidates that are never dropped; and by default they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sums import X, dense_layer, give

from nascompile_runtime.graph import oneshot

v1 = tf.compat.v1

ADVICE = "scores of sub-graphs mean little; to rank architectures, train with"


def build(name: str, *, optional: bool) -> Any:
    x = tf.constant(X)
    inputs = {"a": 2 * x, "b": x - 3} if optional else {}
    return dense_layer(oneshot.dropout_sum, name, [x], inputs, 1 if optional else 0)


def derive(tmp_path: Path, output: Any) -> None:
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        metric = tf.reduce_mean(output)
        for _ in range(2):
            oneshot.derive(session=session, metric=metric, feed_dict={}, output=str(tmp_path / "best.json"))


def test_candidates_are_not_dropped_by_default(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NASCOMPILE_CONFIG", raising=False)
    output = build("h", optional=False)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        runs = [session.run(output) for _ in range(30)]
    for run in runs:
        np.testing.assert_array_equal(run, runs[0])


def test_layer_that_nothing_is_dropped_in_is_told_once(graph: Any, capsys: pytest.CaptureFixture[str]) -> None:
    build("h", optional=False)
    build("k", optional=False)
    told = capsys.readouterr().err
    assert told.count(ADVICE) == 1
    assert "nothing is ever dropped in layer 'h'" in told
    assert """NASCOMPILE_CONFIG='{"drop_candidates": true}'""" in told


def test_layer_whose_inputs_are_dropped_is_not_told(graph: Any, capsys: pytest.CaptureFixture[str]) -> None:
    build("h", optional=True)
    assert not capsys.readouterr().err


def test_ranking_candidates_that_were_not_dropped_is_told_once(
    graph: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    derive(tmp_path, build("h", optional=True))
    told = capsys.readouterr().err
    assert told.count(ADVICE) == 1
    assert "candidates were not dropped while this supernet was trained" in told


def test_ranking_candidates_that_were_dropped_is_not_told(
    graph: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"drop_candidates": true}')
    derive(tmp_path, build("h", optional=False))
    assert ADVICE not in capsys.readouterr().err


def test_selected_sub_architecture_is_not_told(
    graph: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, tmp_path, {"h": (0, [])})
    build("h", optional=False)
    assert ADVICE not in capsys.readouterr().err
