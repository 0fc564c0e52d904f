"""What a step of a oneshot or darts supernet costs beside the same supernet written by hand.

    python tests/bench/weight_sharing_cost.py                                      # small operations, 6 layers of 8
    python tests/bench/weight_sharing_cost.py --channels 64 --size 32 --batch 32   # operations of real size
    python tests/bench/weight_sharing_cost.py --modes darts --candidates 2 8 32

Both nets of a row live in one process and take turns, so that whatever else the machine does hits both. A ratio is the
median over the turns of ours by the hand-written one's time in the same turn, with its quartiles. By hand, a dropped
path is a product with a random 0 or 1 / keep, and a weighted one a product with an element of a softmax; `update` is a
step of Adam on the architecture weights.
"""

from __future__ import annotations

import argparse

import numpy as np
from enas_cost import print_row, ratio
from supernets import MODES, Supernet


def main() -> None:
    arguments = parse_arguments()
    print(
        f"{arguments.layers} layers of {arguments.channels} channels, {arguments.size}x{arguments.size}, "
        f"batch {arguments.batch}, {arguments.turns} turns"
    )
    print_row("candidates", "mode", "forward", "training step", "update", "by hand (ms)", "build", "nodes, by hand")
    for mode in arguments.modes:
        for candidates in arguments.candidates:
            nets = [build(arguments, way, candidates) for way in (mode, f"{mode} by hand")]
            print_row(candidates, mode, *compare(nets, arguments.turns))
            for net in nets:
                net.session.close()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)
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


def build(arguments: argparse.Namespace, way: str, candidates: int) -> Supernet:
    shape = [arguments.batch, arguments.size, arguments.size, arguments.channels]
    return Supernet(way, layers=arguments.layers, candidates=candidates, shape=shape, threads=arguments.threads)


def compare(nets: list[Supernet], turns: int) -> list[str]:
    """The cells of a row: ratios of forward run, training step and update, and what else is worth knowing."""
    taken: list[list[tuple[float, float, float]]] = [[], []]
    for turn in range(turns):
        for one in (0, 1) if turn % 2 else (1, 0):  # going first may be an advantage
            taken[one].append(nets[one].turn())
    ours, by_hand = (list(map(list, zip(*times[turns // 10 :], strict=True))) for times in taken)
    cells = [ratio(*pair) if pair[1][0] else "" for pair in zip(ours, by_hand, strict=True)]
    medians = "/".join(f"{1e3 * np.median(times):.1f}" for times in by_hand if times[0])
    seconds = f"{nets[0].build + nets[0].first_step:.1f} s"
    return [*cells, medians, seconds, f"{nets[0].nodes}, {nets[1].nodes}"]


if __name__ == "__main__":
    main()
