"""How the cost of a supernet grows with its candidates and layers, and what loading an architecture takes.

    python tests/bench/enas_growth.py                                       # 2 to 32 candidates, 2, 6 and 12 layers
    python tests/bench/enas_growth.py --ways enas switch_case --layers 6
    python tests/bench/enas_growth.py --layers 1 10 40 --candidates 2       # what to load takes with many layers
    python tests/bench/enas_growth.py --ways enas "all weights" --layers 6 --channels 64 --size 32 --batch 32   # memory

Each row is a process of its own, whose peak memory is what it has over that of a process with an empty graph. Steps
are the median of 40, each after another architecture was loaded; between processes they vary by more than a supernet
costs, so a ratio of two rows says nothing: `enas_cost.py` measures those. "load" is all of getting the next
architecture, with what it takes to draw it, and "call" the session call that loads it. Memory is another matter: "all
weights" is the sub-graph beside all weights and slots of the supernet, so what enas has over it is the price of
choosing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np
from nets import WAYS, Net, v1

COLUMNS = ["nodes", "build", "first step", "step", "first load", "load", "call", "peak"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", nargs="+", choices=["by hand", *WAYS], default=["by hand", "enas"])
    parser.add_argument("--layers", type=int, nargs="+", default=[2, 6, 12])
    parser.add_argument("--candidates", type=int, nargs="+", default=[2, 4, 8, 16, 32])
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--size", type=int, default=16, help="height and width")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--row", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    shape = [arguments.batch, arguments.size, arguments.size, arguments.channels]
    if arguments.row:
        way, layers, candidates = arguments.row
        print(json.dumps(measure(way, int(layers), int(candidates), shape)))
        return
    sizes = ["--batch", str(shape[0]), "--size", str(shape[1]), "--channels", str(shape[3])]
    print("".join(f"{cell:<12}" for cell in ["way", "layers", "candidates", *COLUMNS]))
    for way in arguments.ways:
        for layers in arguments.layers:
            for candidates in arguments.candidates if way != "by hand" else [1]:
                command = [sys.executable, __file__, *sizes, "--row", way, str(layers), str(candidates)]
                run = subprocess.run(command, capture_output=True, text=True, check=True)
                cells = [way, layers, candidates, *json.loads(run.stdout.splitlines()[-1])]
                print("".join(f"{cell!s:<12}" for cell in cells), flush=True)


def measure(way: str, layers: int, candidates: int, shape: Sequence[int]) -> list[str]:
    """One row, by columns."""
    v1.Session(graph=v1.Graph()).close()
    before = peak()
    net = Net(way, layers=layers, candidates=candidates, shape=shape)
    steps = []
    for _ in range(40):
        net.load()
        steps.append(net.turn()[1])
    calls = []
    for _ in range(100):
        begin = time.perf_counter()
        net.load_defaults()
        calls.append(time.perf_counter() - begin)
    return [
        str(net.nodes),
        f"{net.build:.2f} s",
        f"{net.first_step:.2f} s",
        f"{1e3 * np.median(steps):.1f} ms",
        f"{1e3 * net.loads[0]:.1f} ms",
        f"{1e3 * np.median(net.loads):.2f} ms",
        f"{1e3 * np.median(calls):.2f} ms" if way == "enas" else "",
        f"{peak() - before:.0f} MB",
    ]


def peak() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
