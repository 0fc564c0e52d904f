"""Deriving with metrics that count: each architecture is scored by itself, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from supernet import layer, start

from nascompile_runtime.graph import enas

v1 = tf.compat.v1


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def constants() -> Any:
    return layer(
        {"zero": lambda _: tf.constant(0.0), "four": lambda _: tf.constant(4.0), "ten": lambda _: tf.constant(10.0)}
    )


def scores(**arguments: Any) -> list[float]:
    return [entry["score"] for entry in enas.derive(**arguments)]


@pytest.mark.parametrize("feeds", [None, [{}, {}]])
def test_a_streaming_metric_begins_anew_for_each_architecture(graph: Any, feeds: Any) -> None:
    mean, update = v1.metrics.mean(constants())
    with v1.Session() as session:
        start(session)
        session.run(update)
        before = session.run([mean, *v1.local_variables()])
        assert scores(session=session, metric=update, feed_dict=feeds) == [10.0, 4.0, 0.0]
        assert session.run([mean, *v1.local_variables()]) == before


@pytest.mark.parametrize("collections", [["mine"], []])
def test_a_variable_of_whatever_collection_is_put_back(graph: Any, collections: list[str]) -> None:
    h = constants()
    mine = v1.get_variable(
        "mine", [], initializer=v1.ones_initializer(), trainable=False, collections=collections, use_resource=True
    )
    v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, mine.assign_add(1.0))
    with tf.control_dependencies([mine.assign_add(2.0)]):
        metric = tf.identity(h)
    with v1.Session() as session:
        start(session)
        session.run(mine.initializer)
        assert scores(session=session, metric=metric, recalibrate={}) == [10.0, 4.0, 0.0]
        assert session.run(mine) == 1.0
