"""Sessions that cannot run a search space are refused when an architecture is loaded."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf
from supernet import layer

from nascompile_runtime.graph import enas

v1 = tf.compat.v1


def test_an_executor_without_switches_is_refused_by_name(graph: Any) -> None:
    layer({"tanh": lambda inputs: tf.tanh(inputs[0][0]), "same": lambda inputs: inputs[0][0]}, tf.constant(0.5))
    config = v1.ConfigProto()
    config.experimental.executor_type = "SINGLE_THREADED_EXECUTOR"
    with v1.Session(config=config) as session, pytest.raises(RuntimeError, match=r"cannot run switches.*leave it out"):
        enas.get_next_parameter(session)


def test_a_single_thread_is_enough(graph: Any) -> None:
    y = layer({"tanh": lambda inputs: tf.tanh(inputs[0][0]), "same": lambda inputs: inputs[0][0]}, tf.constant(0.5))
    config = v1.ConfigProto(inter_op_parallelism_threads=1, intra_op_parallelism_threads=1)
    with v1.Session(config=config) as session:
        enas.get_next_parameter(session)
        assert session.run(y) in (pytest.approx(0.46211717), 0.5)
