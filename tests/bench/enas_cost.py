"""What a supernet costs beside the hand-written net of its chosen candidates.

    python tests/bench/enas_cost.py                                      # small operations, 6 layers of 8 candidates
    python tests/bench/enas_cost.py --channels 64 --size 32 --batch 32   # operations of real size
    python tests/bench/enas_cost.py --candidates 2 8 32 --threads 1
    python tests/bench/enas_cost.py --ways enas switch_case "all run"    # beside other ways of choosing

The nets of a row live in one process and take turns, so that whatever else the machine does hits them all; before each
turn they load another architecture. A ratio is the median over the turns of a supernet's time by the plain net's in the
same turn, with its quartiles. The row "control" is the plain net beside another one like it: how far it is from 1, and
its quartiles from each other, is what the machine does and no way of choosing.
"""

from __future__ import annotations

import argparse
from itertools import product
from typing import Any

import numpy as np
from nets import WAYS, Net


def main() -> None:
    arguments = parse_arguments()
    print(
        f"{arguments.layers} layers of {arguments.channels} channels, {arguments.size}x{arguments.size}, "
        f"batch {arguments.batch}, {arguments.turns} turns"
    )
    print_row("candidates", "way", "forward", "training step", "load", "build", "first step", "nodes")
    plain = build(arguments, "by hand", 1)
    forward, step = (f"{1e3 * np.median(times):.2f} ms" for times in take_turns([plain], arguments.turns)[0])
    print_row(1, "by hand", forward, step, "", f"{plain.build:.2f} s", f"{plain.first_step:.2f} s", plain.nodes)
    for way, candidates in [("control", 1), *product(arguments.ways, arguments.candidates)]:
        net = build(arguments, way, candidates)
        mine, by_hand = take_turns([net, plain], arguments.turns)
        forward, step = (ratio(*pair) for pair in zip(mine, by_hand, strict=True))
        load, begun = f"{1e3 * np.median(net.loads):.2f} ms", (f"{net.build:.2f} s", f"{net.first_step:.2f} s")
        print_row(candidates, way, forward, step, load, *begun, net.nodes)
        net.session.close()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument(
        "--candidates", type=int, nargs="+", default=[8], help="of each layer; several make several rows"
    )
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS[:1])
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--size", type=int, default=16, help="height and width")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--threads", type=int, default=0, help="of a session; 0 leaves it to TensorFlow")
    return parser.parse_args()


def build(arguments: argparse.Namespace, way: str, candidates: int) -> Net:
    shape = [arguments.batch, arguments.size, arguments.size, arguments.channels]
    return Net(way, layers=arguments.layers, candidates=candidates, shape=shape, threads=arguments.threads)


def take_turns(nets: list[Net], turns: int) -> list[tuple[list[float], list[float]]]:
    """Times of forward runs and training steps of each net."""
    taken: list[list[tuple[float, float]]] = [[] for _ in nets]
    for turn in range(turns):
        pairs = list(zip(nets, taken, strict=True))
        for net, times in pairs if turn % 2 else reversed(pairs):  # going first may be an advantage
            net.load()
            times.append(net.turn())
    return [tuple(map(list, zip(*times[turns // 10 :], strict=True))) for times in taken]


def ratio(mine: list[float], by_hand: list[float]) -> str:
    low, middle, high = np.quantile(np.divide(mine, by_hand), [0.25, 0.5, 0.75])
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def print_row(*cells: Any) -> None:
    wide = {1: 14, 2: 20, 3: 20}
    print("".join(f"{cell!s:<{wide.get(number, 12)}}" for number, cell in enumerate(cells)), flush=True)


if __name__ == "__main__":
    main()
