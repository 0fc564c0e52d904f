"""What a supernet costs beside the hand-written net of its chosen candidates.

    python tests/bench/enas_cost.py                                      # small operations, 6 layers of 8 candidates
    python tests/bench/enas_cost.py --channels 64 --size 32 --batch 32   # operations of real size
    python tests/bench/enas_cost.py --candidates 2 8 32 --threads 1

Both nets live in one process and take turns, so that whatever else the machine does hits both; before each turn the
supernet loads another architecture. Each candidate is a 3x3 convolution with bias and ReLU; the optimizer is Adam. A
ratio is the median over the turns of the supernet's time by the plain net's in the same turn, with its quartiles.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from nascompile_runtime.graph import enas

v1 = tf.compat.v1


def main() -> None:
    arguments = parse_arguments()
    print(
        f"{arguments.layers} layers of {arguments.channels} channels, {arguments.size}x{arguments.size}, "
        f"batch {arguments.batch}, {arguments.turns} turns"
    )
    print_row("candidates", "forward", "training step", "load", "build", "first step", "nodes")
    plain = Net(arguments, 1)
    forward, step = (f"{1e3 * np.median(times):.2f} ms" for times in take_turns([plain], arguments.turns)[0])
    print_row("by hand", forward, step, "", f"{plain.build:.2f} s", f"{plain.first_step:.2f} s", plain.nodes)
    for candidates in arguments.candidates:
        supernet = Net(arguments, candidates)
        mine, by_hand = take_turns([supernet, plain], arguments.turns)
        forward, step = (ratio(*pair) for pair in zip(mine, by_hand, strict=True))
        load = f"{1e3 * np.median(supernet.loads):.2f} ms"
        print_row(
            candidates, forward, step, load, f"{supernet.build:.2f} s", f"{supernet.first_step:.2f} s", supernet.nodes
        )
        supernet.session.close()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument(
        "--candidates", type=int, nargs="+", default=[8], help="of each layer; several make several rows"
    )
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--size", type=int, default=16, help="height and width")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--threads", type=int, default=0, help="of a session; 0 leaves it to TensorFlow")
    return parser.parse_args()


class Net:
    """A net in its own graph and session; with one candidate a layer it is the plain net."""

    def __init__(self, arguments: argparse.Namespace, candidates: int) -> None:
        begin = time.perf_counter()
        with tf.Graph().as_default() as graph:
            shape = [arguments.batch, arguments.size, arguments.size, arguments.channels]
            h = x = v1.placeholder(tf.float32, shape)
            for number in range(arguments.layers):
                h = convolution([[h], []]) if candidates == 1 else layer(h, number, candidates)
            step = v1.train.AdamOptimizer(1e-3).minimize(tf.reduce_mean(h))
            config = v1.ConfigProto(
                intra_op_parallelism_threads=arguments.threads, inter_op_parallelism_threads=arguments.threads
            )
            self.session = v1.Session(config=config)
            self.session.run(v1.global_variables_initializer())
            self.nodes = len(graph.get_operations())
        self.build = time.perf_counter() - begin
        self.loads: list[float] = []
        self._batch = np.random.default_rng(0).normal(size=shape).astype("float32")
        self._step = self.session.make_callable(step, [x])
        self._forward = self.session.make_callable(h.op, [x])
        self.first_step = self._time(self._step)
        self._time(self._forward)

    def turn(self) -> tuple[float, float]:
        """Seconds of a forward run and of a training step."""
        return self._time(self._forward), self._time(self._step)

    def load(self) -> None:
        """Load another architecture."""
        begin = time.perf_counter()
        enas.get_next_parameter(self.session)
        self.loads.append(time.perf_counter() - begin)

    def _time(self, run: Callable[[Any], Any]) -> float:
        begin = time.perf_counter()
        run(self._batch)
        return time.perf_counter() - begin


def layer(x: Any, number: int, candidates: int) -> Any:
    return enas.conditional(
        f"net_of_{candidates}",
        f"h{number}",
        layer_choice=[
            enas.candidate(f"convolution({each})", f"h{number}/convolution_{each}", convolution)
            for each in range(candidates)
        ],
        fixed_inputs=[x],
    )


def convolution(inputs: list[Any]) -> Any:
    ((x,), _) = inputs
    channels = x.shape[-1]
    w = tf.Variable(v1.truncated_normal([3, 3, channels, channels], stddev=0.1), name="w")
    b = tf.Variable(tf.constant(0.1, shape=[channels]), name="b")
    return tf.nn.relu(tf.nn.conv2d(x, w, strides=1, padding="SAME") + b)


def take_turns(nets: list[Net], turns: int) -> list[tuple[list[float], list[float]]]:
    """Times of forward runs and training steps of each net."""
    taken: list[list[tuple[float, float]]] = [[] for _ in nets]
    for _ in range(turns):
        for net, times in zip(nets, taken, strict=True):
            net.load()
            times.append(net.turn())
    return [tuple(map(list, zip(*times[turns // 10 :], strict=True))) for times in taken]


def ratio(mine: list[float], by_hand: list[float]) -> str:
    low, middle, high = np.quantile(np.divide(mine, by_hand), [0.25, 0.5, 0.75])
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def print_row(*cells: Any) -> None:
    print("".join(f"{cell!s:<22}" if number in (1, 2) else f"{cell!s:<12}" for number, cell in enumerate(cells)))


if __name__ == "__main__":
    main()
