"""What batch normalisation by moving averages hides of what a supernet has learned: they mix all its sub-graphs.

    python tests/bench/moving_averages.py
    python tests/bench/moving_averages.py --steps 200 600 --sub_graphs 20 --seed 1

The macro space of the tests trains in `enas`, a uniform architecture a step, on 256 images of digits. Then uniform
sub-graphs are scored on these images: by the moving averages as training left them, by those after some batches of the
sub-graph itself (recalibrated, without training), and by the statistics of the batch. A guess has 0.1.
"""

from __future__ import annotations

import argparse
import json
import os
import types
from pathlib import Path
from typing import Any

import numpy as np

from nascompile.api import compile_source

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
TRIAL = Path(__file__).resolve().parents[1] / "runtime/tensorflow1/macro.py"
RECALIBRATION = 25  # batches


class Search:
    """The trial's supernet while it trains, one architecture a step."""

    def __init__(self, seed: int) -> None:
        import tensorflow.compat.v1 as tf

        from nascompile_runtime.graph import enas

        tf.logging.set_verbosity(tf.logging.ERROR)
        os.environ["NASCOMPILE_CONFIG"] = json.dumps({"controller": "random", "seed": seed})
        self._take = enas.get_next_parameter
        trial = load_trial().Trial()
        self._child = trial.child_model
        self._session = trial.sess.raw_session()
        with self._session.graph.as_default():
            self._averages = [one for one in tf.global_variables() if "moving_" in one.name]

    def train(self, steps: int) -> tuple[float, float]:
        """Train; return the means over the last 50 steps of the loss and of the accuracy by the batch's statistics."""
        seen = []
        for _ in range(steps):
            self._take(self._session)
            seen.append(self._session.run([self._child.loss, self._child.train_acc, self._child.train_op])[:2])
        loss, accuracy = np.mean(seen[-50:], axis=0)
        return float(loss), float(accuracy)

    def scores(self) -> tuple[float, float, float]:
        """Return the accuracies of a uniform sub-graph; the moving averages are put back as they were."""
        self._take(self._session)
        before = self._session.run(self._averages)
        by_averages = self._session.run(self._child.valid_acc)
        for _ in range(RECALIBRATION):
            by_batch = self._session.run(self._child.train_acc)  # its graph updates the averages
        recalibrated = self._session.run(self._child.valid_acc)
        for average, value in zip(self._averages, before, strict=True):
            average.load(value, self._session)
        return by_averages, recalibrated, by_batch


def load_trial() -> Any:
    """Return the trial's module, compiled for enas."""
    compiled = compile_source(TRIAL.read_bytes(), path=str(TRIAL), module="macro", mode="enas", tf1=True)
    assert compiled.output is not None
    module = types.ModuleType("macro")
    exec(compile(compiled.output, str(TRIAL), "exec", dont_inherit=True), vars(module))
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, nargs="+", default=[200, 400, 800, 1600], help="when to score, in steps")
    parser.add_argument("--sub_graphs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="of the architectures; that of the weights is the trial's")
    arguments = parser.parse_args()
    search, done = Search(arguments.seed), 0
    print(f"{'steps':<8}{'loss':<8}{'accuracy':<10}{'by averages':<14}{'recalibrated':<14}by the batch")
    for steps in sorted(arguments.steps):
        loss, accuracy = search.train(steps - done)
        done = steps
        means = np.mean([search.scores() for _ in range(arguments.sub_graphs)], axis=0)
        print(f"{steps:<8}{loss:<8.2f}{accuracy:<10.2f}{means[0]:<14.2f}{means[1]:<14.2f}{means[2]:.2f}", flush=True)


if __name__ == "__main__":
    main()
