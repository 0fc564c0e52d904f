"""The truth about a small space: every architecture of `quality_net.py`, trained alone, over several seeds.

    {"command": ..., "versions": ..., "net": ..., "space": ..., "seeds": [0, 1, 2]}            first, how it was made
    {"number": 17, "valid": [0.9, ...], "test": [0.9, ...], "seconds": [1.1, ...]}             then, each architecture

`number` is its place in `architectures()`; each list has an entry a seed: n stands for the n-th initial weights that a
graph of seed 0 draws, and for the n-th order of the batches. Seconds are the processor's, of the training steps alone.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import sklearn
import tensorflow as tf

from nascompile.api import analyse_source, compile_source
from nascompile_runtime import parameters
from nascompile_runtime.graph import classic

v1 = tf.compat.v1

SOURCE = Path(__file__).with_name("quality_net.py")
MODULE = SOURCE.stem
NET = {"channels": 8, "steps": 400, "batch": 64, "peak": 0.02}
SEEDS = (0, 1, 2)
ONE_THREAD = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)


def compiled(mode: str) -> Any:
    """What the net's file defines when it is compiled in a mode, in memory."""
    result = compile_source(SOURCE.read_bytes(), path=str(SOURCE), module=MODULE, mode=mode)
    assert result.output is not None, result.diagnostics
    names: dict[str, Any] = {"__name__": MODULE}
    exec(compile(result.output, SOURCE, "exec"), names)
    return SimpleNamespace(**names)


def architectures() -> list[dict[str, Any]]:
    """Every architecture of the space, in the order that its numbers count in."""
    layers = list(analyse_source(SOURCE.read_bytes(), module=MODULE).search_space.layers())
    choices = [
        [
            {"chosen_layer": candidate, "chosen_inputs": list(inputs)}
            for candidate in space.candidates
            for size in range(space.sizes[0], space.sizes[1] + 1)
            for inputs in combinations(space.optional_inputs, size)
        ]
        for _, _, space in layers
    ]
    return [
        {block: {layer: choice} for (block, layer, _), choice in zip(layers, chosen, strict=True)}
        for chosen in product(*choices)
    ]


def header(option: str, **more: Any) -> dict[str, Any]:
    """What a data file begins with: the command that makes it, and of what."""
    return {
        "command": f"python tests/bench/search_quality.py {option}",
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "net": NET,
        "space": analyse_source(SOURCE.read_bytes(), module=MODULE).search_space.to_json(),
        **more,
    }


def make_truth(path: Path, numbers: Sequence[int]) -> None:
    """Train the architectures of these numbers that the file does not hold yet, and append them one by one."""
    every = architectures()
    known = {record["number"] for record in read_lines(path)[1:]} if path.exists() else set()
    wanted = [number for number in numbers if number not in known]
    if not path.exists():
        append_line(path, header("--truth", seeds=SEEDS))
    begin = time.monotonic()
    trained = train_each([every[number] for number in wanted])
    for done, (number, runs) in enumerate(zip(wanted, trained, strict=True), 1):
        append_line(path, {"number": number, **runs})
        left = (time.monotonic() - begin) / done * (len(wanted) - done)
        print(
            f"{done} of {len(wanted)}, {left / 60:.0f} min left: {number} {runs['test']}", file=sys.stderr, flush=True
        )


def train_each(wanted: list[dict[str, Any]]) -> Iterator[dict[str, list[float]]]:
    """The accuracies and times of each architecture, over all seeds, in turn."""
    if not wanted:
        return
    names = compiled("classic")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(wanted, file)
        file.flush()
        os.environ["NASCOMPILE_ARCHITECTURE"] = file.name
        parameters.reset()
        for _ in wanted:
            classic.get_next_parameter()
            runs = train_alone(names)
            yield {what: [run[what] for run in runs] for what in ("valid", "test", "seconds")}
    del os.environ["NASCOMPILE_ARCHITECTURE"]
    parameters.reset()


def train_alone(names: Any) -> list[dict[str, float]]:
    """Build the current architecture, train it from new weights for each seed, and measure it."""
    train, valid, test = names.load_splits()
    runs = []
    with tf.Graph().as_default(), v1.Session(config=ONE_THREAD) as session:
        v1.set_random_seed(0)
        net = names.Net(NET["channels"])
        initialise = v1.global_variables_initializer()
        for seed in SEEDS:
            session.run(initialise)
            batches = names.batches(*train, NET["batch"], seed)
            begin = time.process_time()
            names.train(net, session, batches, NET["steps"], NET["peak"])
            seconds = time.process_time() - begin
            accuracies = [float(session.run(net.accuracy, net.feed(*data))) for data in (valid, test)]
            runs.append(
                {"valid": round(accuracies[0], 4), "test": round(accuracies[1], 4), "seconds": round(seconds, 3)}
            )
    return runs


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a data file, a header first."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def append_line(path: Path, record: dict[str, Any]) -> None:
    """Add a record to a data file."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(record) + "\n")
