"""A long training: neither the graph nor the memory of the process grows, and every candidate has had its turns."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import layer, start

from nascompile_runtime.graph import enas

v1 = tf.compat.v1

LAYERS, CANDIDATES, STEPS = 12, 6, 2000


def dense(inputs: Any) -> Any:
    return tf.tanh(tf.matmul(inputs[0][0], v1.get_variable("w", [4, 4])) + v1.get_variable("b", [4]))


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_two_thousand_steps(graph: Any) -> None:
    h = x = v1.placeholder(tf.float32, [None, 4])
    for number in range(LAYERS):
        h = layer({f"c{each}": dense for each in range(CANDIDATES)}, h, key=f"h{number}")
    steps = v1.train.get_or_create_global_step()
    step = v1.train.AdamOptimizer(1e-3).minimize(tf.reduce_mean(tf.square(h - 0.5)), steps)
    with v1.Session() as session:
        start(session)
        weights = v1.trainable_variables()
        before = session.run(weights)
        version = graph.version
        graph.finalize()
        batch = np.ones([8, 4])
        for number in range(STEPS):
            if number == STEPS // 4:
                settled = megabytes()
            enas.get_next_parameter(session)
            session.run(step, {x: batch})
        assert megabytes() - settled < 16.0
        assert graph.version == version
        assert session.run(steps) == STEPS
        for variable, old, new in zip(weights, before, session.run(weights), strict=True):
            assert (old != new).any(), variable.op.name
