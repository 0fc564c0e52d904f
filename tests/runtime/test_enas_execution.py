"""Only the chosen candidate runs, forward and in a training step, and the chosen one does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, start, values_of

v1 = tf.compat.v1


class Counted:
    """Candidates that count how often each of their operations runs."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()

    def op(self, name: str, *inputs: Any) -> Any:
        def run(*_: Any) -> Any:
            self.runs[name] += 1
            return np.float32(1.0)

        one = tf.numpy_function(run, inputs, tf.float32)
        one.set_shape([])
        return one

    def candidate(self, name: str) -> Any:
        @tf.custom_gradient
        def both_ways(x: Any) -> Any:
            return x * self.op(f"{name} forward", x), lambda dy: dy * self.op(f"{name} backward", dy)

        def build(inputs: Any) -> Any:
            ((x,), _) = inputs
            w = tf.Variable(tf.ones([3]), name="w")
            return both_ways(x * w) * self.op(f"{name} without inputs")

        return build

    def taken(self) -> dict[str, int]:
        runs = dict(self.runs)
        self.runs.clear()
        return runs


@pytest.mark.parametrize("layers", [1, 3])
def test_a_step_runs_the_chosen_candidates_only(graph: Any, layers: int) -> None:
    counted = Counted()
    h = x = v1.placeholder(tf.float32, [None, 3])
    for number in range(layers):
        candidates = {name: counted.candidate(f"{number} {name}") for name in "abcd"}
        h = layer(candidates, h, key=f"h{number}")
    loss = tf.reduce_mean(h)
    step = v1.train.GradientDescentOptimizer(0.1).minimize(loss)
    feed = {x: np.ones([2, 3])}
    with v1.Session() as session:
        start(session)
        for chosen in (0, 3, 1, 2):
            choose(session, **{f"h{number}": (chosen + number) % 4 for number in range(layers)})
            names = [f"{number} {'abcd'[(chosen + number) % 4]}" for number in range(layers)]

            session.run(h, feed)
            forward = {f"{name} {what}": 1 for name in names for what in ("forward", "without inputs")}
            assert counted.taken() == forward

            before = values_of(session)
            session.run(step, feed)
            assert counted.taken() == forward | {f"{name} backward": 1 for name in names}
            assert moved(before, values_of(session)) == {
                f"h{number}/{'abcd'[(chosen + number) % 4]}/w" for number in range(layers)
            }


def test_step_statistics_hold_the_chosen_candidate_only(graph: Any) -> None:
    def convolution(size: int) -> Any:
        def build(inputs: Any) -> Any:
            ((x,), _) = inputs
            w = tf.Variable(v1.truncated_normal([size, size, 2, 2], stddev=0.1), name="w")
            y = tf.tanh(tf.nn.conv2d(x, w, strides=1, padding="SAME"))
            return y + v1.random_normal([2]) + tf.while_loop(lambda i: i < 3.0, lambda i: i + 1.0, [tf.constant(0.0)])

        return build

    x = v1.placeholder(tf.float32, [1, 4, 4, 2])
    y = layer({f"c{size}": convolution(size) for size in (1, 3, 5)}, x)
    step = v1.train.AdamOptimizer().minimize(tf.reduce_sum(y))
    # Constants and handles are there for every candidate and cost nothing; our merges make updates alive.
    free = tuple(op.name for op in graph.get_operations() if op.type in ("Const", "VarHandleOp"))
    options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
    with v1.Session() as session:
        start(session)
        for chosen, size in enumerate((1, 3, 5)):
            choose(session, h=chosen)
            metadata = v1.RunMetadata()
            before = values_of(session)
            session.run([y, step], {x: np.ones([1, 4, 4, 2])}, options, metadata)
            assert f"h/c{size}/w" in moved(before, values_of(session))
            ran = [node.node_name for device in metadata.step_stats.dev_stats for node in device.node_stats]
            kernels = {
                other
                for other in (1, 3, 5)
                for name in ran
                if f"h/c{other}/" in f"{name}/" and not name.endswith(free) and "nascompile" not in name
            }
            assert kernels == {size}, "\n".join(sorted(ran))


def test_a_step_takes_the_memory_of_a_step_of_the_sub_graph(graph: Any) -> None:
    layers, candidates = 3, 6

    def convolution(inputs: Any) -> Any:
        w = tf.Variable(v1.truncated_normal([3, 3, 8, 8], stddev=0.1), name="w")
        return tf.nn.relu(tf.nn.conv2d(inputs[0][0], w, strides=1, padding="SAME") + tf.Variable(tf.zeros([8])))

    def step_of(h: Any, build: Callable[[Any, str], Any]) -> Any:
        for number in range(layers):
            h = build(h, f"h{number}")
        return v1.train.AdamOptimizer().minimize(tf.reduce_mean(h))

    def allocated(session: Any, step: Any, x: Any) -> int:
        metadata, feed = v1.RunMetadata(), {x: np.ones([16, 16, 16, 8])}
        session.run(step, feed, v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE), metadata)
        nodes = [node for device in metadata.step_stats.dev_stats for node in device.node_stats]
        return sum(memory.total_bytes for node in nodes for memory in node.memory)

    x = v1.placeholder(tf.float32, [16, 16, 16, 8])
    supernet = step_of(x, lambda h, key: layer({f"c{each}": convolution for each in range(candidates)}, h, key=key))
    with tf.Graph().as_default(), v1.Session() as session:
        images = v1.placeholder(tf.float32, x.shape)
        by_hand = step_of(images, lambda h, _: convolution([[h], []]))
        start(session)
        expected = allocated(session, by_hand, images)
    with v1.Session() as session:
        start(session)
        choose(session, h0=1, h1=5, h2=0)
        found = allocated(session, supernet, x)
    activations = layers * 16 * 16 * 16 * 8 * 4
    assert activations < found < 1.15 * expected
