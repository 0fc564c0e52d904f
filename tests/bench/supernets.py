"""The supernets that the weight-sharing benchmark compares: as compiled code builds them, and the same by hand.

    net = Supernet("darts", layers=6, candidates=8, shape=[16, 16, 16, 32])
    forward, step, update = net.turn()      # seconds

Each candidate is a 3x3 convolution with bias and ReLU on the sum of the layer before and of the two before that, which
are optional, one of them chosen; the optimizer is Adam. Only darts has an update: a step on the architecture weights.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["NASCOMPILE_CONFIG"] = '{"drop_candidates": true}'  # as by hand: all that oneshot can be asked to do

import numpy as np
import tensorflow as tf
from nets import _convolution, _weights

from nascompile_runtime.graph import darts, oneshot

v1 = tf.compat.v1

MODES = ["oneshot", "darts"]
R = 0.01  # the default drop rate


class Supernet:
    """A supernet in its own graph and session: `way` is "oneshot", "darts", or one of them with " by hand"."""

    def __init__(self, way: str, *, layers: int, candidates: int, shape: Sequence[int], threads: int = 0) -> None:
        begin = time.perf_counter()
        mode, _, by_hand = way.partition(" ")
        self._update: Callable[[Any], Any] | None = None
        with tf.Graph().as_default() as graph:
            x = v1.placeholder(tf.float32, shape)
            built = [x, x, x]
            architecture_weights: list[Any] = []
            build = {"oneshot": _sum_by_hand, "darts": _weighted_by_hand}[mode] if by_hand else _ours
            for number in range(layers):
                *optional, fixed = built[-3:]
                built.append(build(mode, number, candidates, fixed, optional, architecture_weights))
            loss = tf.reduce_mean(built[-1])
            weights = [each for each in v1.trainable_variables() if each not in set(architecture_weights)]
            step = v1.train.AdamOptimizer(1e-3).minimize(loss, var_list=weights)
            if architecture_weights:
                adam = v1.train.AdamOptimizer(3e-4, beta1=0.5)
                decayed = loss + sum(0.5e-3 * tf.reduce_sum(each**2) for each in architecture_weights)
                update = adam.minimize(decayed, var_list=architecture_weights)
            config = v1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
            self.session = v1.Session(config=config)
            self.session.run(v1.global_variables_initializer())
            if architecture_weights:
                self._update = lambda batch: self.session.run(update, {x: batch})
            elif mode == "darts":
                self._update = lambda batch: darts.training_update(
                    session=self.session, loss=loss, feed_dict={x: batch}
                )
            self.build = time.perf_counter() - begin
            self._batch = np.random.default_rng(0).normal(size=shape).astype("float32")
            self._step = self.session.make_callable(step, [x])
            self._forward = self.session.make_callable(built[-1].op, [x])
            self.first_step = self._time(self._step)
            self.turn()
            self.nodes = len(graph.get_operations())

    def turn(self) -> tuple[float, float, float]:
        """Seconds of a forward run, of a training step, and of a step on the architecture weights, 0 without."""
        update = self._time(self._update) if self._update else 0.0
        return self._time(self._forward), self._time(self._step), update

    def _time(self, run: Callable[[Any], Any]) -> float:
        begin = time.perf_counter()
        run(self._batch)
        return time.perf_counter() - begin


def convolution(inputs: list[Any]) -> Any:
    ((fixed,), optional) = inputs
    merged = tf.add_n([fixed, *optional])
    return _convolution(merged, *_weights(merged))


def _ours(mode: str, number: int, candidates: int, fixed: Any, optional: list[Any], _: list[Any]) -> Any:
    build = oneshot.dropout_sum if mode == "oneshot" else darts.weighted_sum
    names = [f"convolution({each})" for each in range(candidates)]
    return build(
        f"net_of_{candidates}",
        f"h{number}",
        layer_choice=[darts.candidate(name, f"h{number}/{i}", convolution) for i, name in enumerate(names)],
        fixed_inputs=[fixed],
        optional_inputs={"a": optional[0], "b": optional[1]},
        optional_input_size=1,
    )


def _sum_by_hand(mode: str, number: int, candidates: int, fixed: Any, optional: list[Any], _: list[Any]) -> Any:
    kept = _dropped_by_hand(optional)
    return tf.add_n(_dropped_by_hand([convolution([[fixed], kept]) for _ in range(candidates)]))


def _dropped_by_hand(paths: list[Any]) -> list[Any]:
    keep = 1 - R ** (1 / len(paths))
    masks = tf.unstack(tf.floor(keep + tf.random.uniform([len(paths)])) / keep)
    return [mask * each for mask, each in zip(masks, paths, strict=True)]


def _weighted_by_hand(
    mode: str, number: int, candidates: int, fixed: Any, optional: list[Any], architecture_weights: list[Any]
) -> Any:
    alpha, beta = (tf.Variable(np.zeros(size, np.float32)) for size in (candidates, len(optional)))
    architecture_weights += [alpha, beta]
    weighed = [share * each for share, each in zip(tf.unstack(tf.nn.softmax(beta)), optional, strict=True)]
    shares = tf.unstack(tf.nn.softmax(alpha))
    return tf.add_n([share * convolution([[fixed], weighed]) for share in shares])
