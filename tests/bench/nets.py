"""The nets that the enas benchmarks compare: one of the same candidates in each way of choosing among them.

    net = Net("enas", layers=6, candidates=8, shape=[16, 16, 16, 32])
    net.load()                      # another architecture
    forward, step = net.turn()      # seconds

Each candidate is a 3x3 convolution with bias and ReLU; the optimizer is Adam.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from nascompile_runtime.graph import enas
from nascompile_runtime.graph.signal import find_signal

v1 = tf.compat.v1

WAYS = ["enas", "switch_case", "all run", "all weights"]
"""Ours; `tf.switch_case` with the weights made outside of its branches; every candidate outside of it; and, as what no
way can do without, the net of the first candidates beside the weights and slots of all others, which nothing uses."""


class Net:
    """A net in its own graph and session. With one candidate a layer there is nothing to choose, whatever the way."""

    def __init__(self, way: str, *, layers: int, candidates: int, shape: Sequence[int], threads: int = 0) -> None:
        begin = time.perf_counter()
        self.stages: dict[str, float] = {}
        self._random = np.random.default_rng(0)
        self._ways = [candidates] * layers
        with tf.Graph().as_default() as graph:
            self._indices = v1.Variable([0] * layers, trainable=False, use_resource=True)
            self._given = v1.placeholder(tf.int32, [layers])
            self._assign = self._indices.assign(self._given).op
            indices = tf.unstack(self._indices.read_value())
            h = x = v1.placeholder(tf.float32, shape)
            for number, index in enumerate(indices):
                h = _build_layer(way, h, index, number, candidates)
            self._ended("layers", begin)
            optimizer = v1.train.AdamOptimizer(1e-3)
            gradients = optimizer.compute_gradients(tf.reduce_mean(h))
            self._ended("gradients", begin)
            step = optimizer.apply_gradients(gradients)
            self._ended("updates", begin)
            if way == "all weights":
                optimizer._create_slots(v1.trainable_variables())
            config = v1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
            self.session = v1.Session(config=config)
            self.session.run(v1.global_variables_initializer())
            self.nodes = len(graph.get_operations())
        self._ended("initial values", begin)
        self.build = time.perf_counter() - begin
        self.loads: list[float] = []
        self._is_ours = way == "enas" and candidates > 1
        self._batch = self._random.normal(size=shape).astype("float32")
        self._feed, self._output, self._training = x, h.op, step
        self._step = self.session.make_callable(step, [x])
        self._forward = self.session.make_callable(self._output, [x])
        self.first_step = self._time(self._step)
        self._time(self._forward)

    def turn(self) -> tuple[float, float]:
        """Seconds of a forward run and of a training step."""
        return self._time(self._forward), self._time(self._step)

    def run_step(self, **options: Any) -> None:
        """Run a training step, with the options of `session.run`."""
        self.session.run(self._training, {self._feed: self._batch}, **options)

    def run_forward(self, **options: Any) -> None:
        """Run forward only, likewise."""
        self.session.run(self._output, {self._feed: self._batch}, **options)

    def load(self) -> None:
        """Load another architecture."""
        begin = time.perf_counter()
        if self._is_ours:
            enas.get_next_parameter(self.session)
        else:
            self.session.run(self._assign, {self._given: self._random.integers(self._ways)})
        self.loads.append(time.perf_counter() - begin)

    def load_defaults(self) -> None:
        """Load the starting architecture, which nobody draws or checks: the session call alone. Of ours only."""
        if signal := find_signal(self.session, "enas"):
            signal.load(self.session, {})

    def _ended(self, stage: str, begin: float) -> None:
        """Note how many seconds a stage of building took."""
        self.stages[stage] = time.perf_counter() - begin - sum(self.stages.values())

    def _time(self, run: Callable[[Any], Any]) -> float:
        begin = time.perf_counter()
        run(self._batch)
        return time.perf_counter() - begin


def _build_layer(way: str, x: Any, index: Any, number: int, candidates: int) -> Any:
    if candidates == 1:
        return convolution([[x], []])
    if way == "all weights":
        weights, *_ = [_weights(x) for _ in range(candidates)]
        return _convolution(x, *weights)
    if way == "enas":
        return enas.conditional(
            f"net_of_{candidates}",
            f"h{number}",
            layer_choice=[
                enas.candidate(f"convolution({each})", f"h{number}/convolution_{each}", convolution)
                for each in range(candidates)
            ],
            fixed_inputs=[x],
        )
    if way == "switch_case":
        all_weights = [_weights(x) for _ in range(candidates)]
        return tf.switch_case(index, [lambda each=each: _convolution(x, *each) for each in all_weights])
    outputs = [convolution([[x], []]) for _ in range(candidates)]
    return tf.switch_case(index, [lambda each=each: tf.identity(each) for each in outputs])


def convolution(inputs: list[Any]) -> Any:
    ((x,), _) = inputs
    return _convolution(x, *_weights(x))


def _weights(x: Any) -> tuple[Any, Any]:
    channels = x.shape[-1]
    w = tf.Variable(v1.truncated_normal([3, 3, channels, channels], stddev=0.1), name="w")
    return w, tf.Variable(tf.constant(0.1, shape=[channels]), name="b")


def _convolution(x: Any, w: Any, b: Any) -> Any:
    return tf.nn.relu(tf.nn.conv2d(x, w, strides=1, padding="SAME") + b)
