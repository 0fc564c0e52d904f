"""Supernets of `quality_net.py`, trained and asked for the score of every architecture.

    {"command": ..., "versions": ..., ...}                                                     first, how it was made
    {"search": "enas, random", "seed": 0, "scores": [0.9, ...], "pick": 17, ...}               then, each run

`scores` has the accuracy on the validation images, with shared weights, of every architecture in the order of
`architectures()`; `pick` is the best of the few that the mode itself proposes when it derives from fewer.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tensorflow as tf
from quality_truth import NET, ONE_THREAD, append_line, architectures, compiled, header, read_lines

from nascompile_runtime import parameters

v1 = tf.compat.v1

FEW = 20


@dataclass(frozen=True, slots=True)
class Search:
    """A way to train a supernet: a mode with its options, for so many steps, the learning rate from `peak` to zero."""

    mode: str
    options: dict[str, Any] = field(default_factory=dict)
    steps: int = 2000
    peak: float = 0.02


SEARCHES = {
    "enas, `random`": Search("enas", {"controller": "random"}),
    "enas, `evolution`": Search("enas", {"controller": "evolution"}),
    "enas, `reinforce`": Search("enas", {"controller": "reinforce"}),
    "enas, `random`, 8,000 steps": Search("enas", {"controller": "random"}, steps=8000),
    "oneshot, r = 0.01": Search("oneshot", {"r": 0.01, "drop_candidates": False}),
    "oneshot, r = 0.1": Search("oneshot", {"r": 0.1, "drop_candidates": False}),
    "oneshot, r = 0.01, candidates dropped too": Search("oneshot", {"r": 0.01, "drop_candidates": True}),
    "oneshot, r = 0.1, candidates dropped too": Search("oneshot", {"r": 0.1, "drop_candidates": True}),
    "oneshot, r = 0.3, candidates dropped too": Search("oneshot", {"r": 0.3, "drop_candidates": True}),
    "darts": Search("darts"),
    "darts, `arch_learning_rate` 0.003": Search("darts", {"arch_learning_rate": 0.003}),
}


def run_searches(path: Path, names: list[str], seeds: int) -> None:
    """Make the runs that the file does not hold yet, a seed of each search before the next seed, and append them."""
    known = {(record["search"], record["seed"]) for record in read_lines(path)[1:]} if path.exists() else set()
    if not path.exists():
        append_line(path, header("--searches"))
    for seed in range(seeds):
        for name in names:
            if (name, seed) not in known:
                begin = time.monotonic()
                append_line(path, {"search": name, "seed": seed, **run(SEARCHES[name], seed)})
                print(f"{name}, seed {seed}: {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)


def run(search: Search, seed: int) -> dict[str, Any]:
    """Train one supernet, and score every architecture with its weights. Seconds are the processor's."""
    os.environ["NASCOMPILE_CONFIG"] = json.dumps({"seed": seed, **search.options})
    parameters.reset()
    names = compiled(search.mode)
    train, valid, _ = names.load_splits()
    with tf.Graph().as_default(), v1.Session(config=ONE_THREAD) as session, quiet():
        v1.set_random_seed(seed)
        net = names.Net(NET["channels"])
        session.run(v1.global_variables_initializer())
        batches = [names.batches(*data, NET["batch"], seed) for data in (train, valid)]
        begin = time.process_time()
        names.search(net, session, *batches, search.steps, search.peak)
        trained = time.process_time()
        scores = rank(names, net, session, valid, len(architectures()))
        ranked = time.process_time()
        few = rank(names, net, session, valid, FEW)
    return {
        "mode": search.mode,
        "options": search.options,
        "steps": search.steps,
        "peak": search.peak,
        "train_seconds": round(trained - begin, 2),
        "rank_seconds": round(ranked - trained, 2),
        "pick": next(iter(few)),
        "scores": [round(scores[number], 4) for number in sorted(scores)],
    }


def rank(names: Any, net: Any, session: Any, valid: Any, samples: int) -> dict[int, float]:
    """Derive: the scores of so many architectures by their numbers, best first."""
    numbers = {json.dumps(architecture): number for number, architecture in enumerate(architectures())}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "architectures.json"
        names.rank(net, session, valid, samples, str(path))
        return {numbers[json.dumps(each["architecture"])]: each["score"] for each in json.loads(path.read_text())}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without the reports of each step and the tables of deriving."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield
