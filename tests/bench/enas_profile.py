"""Where the cost of a supernet goes: what TensorFlow visits in a run, and what building takes, stage by stage.

    python tests/bench/enas_profile.py
    python tests/bench/enas_profile.py --candidates 2 8 32 --layers 12

"visited" are the nodes of a run that are left after TensorFlow's optimizer: those of candidates that are not chosen
too, which are passed over, each in a fraction of a microsecond. "each" is what one of them more costs: the processor
time of a run over that of the hand-written net, by the nodes that it visits more, in one thread, both in turns.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
from nets import Net, v1

PARTS = {
    "weights": ("VarHandleOp", "ReadVariableOp"),
    "choosing": ("Switch", "_SwitchN", "Merge", "Identity", "IdentityN", "Equal"),
    "signal": ("StridedSlice", "Unpack", "Size", "ExpandDims", "ConcatV2", "VarIsInitializedOp"),
    "constants": ("Const",),
}
"""What kinds of nodes a supernet has beside its kernels."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--candidates", type=int, nargs="+", default=[2, 8, 32])
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--size", type=int, default=16, help="height and width")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--turns", type=int, default=25)
    arguments = parser.parse_args()
    shape = [arguments.batch, arguments.size, arguments.size, arguments.channels]
    Net("by hand", layers=1, candidates=1, shape=shape)  # what is loaded and made once is nobody's cost
    by_hand = Net("by hand", layers=arguments.layers, candidates=1, shape=shape, threads=1)
    rows = [("by hand", by_hand)]
    for candidates in arguments.candidates:
        rows.append(
            (str(candidates), Net("enas", layers=arguments.layers, candidates=candidates, shape=shape, threads=1))
        )
    print(f"{'candidates':<12}{'run':<10}{'visited':<10}{''.join(f'{part:<11}' for part in (*PARTS, 'kernels'))}each")
    for name, net in rows:
        for run, base in ((net.run_forward, by_hand.run_forward), (net.run_step, by_hand.run_step)):
            parts, plain = visited(run), visited(base)
            more = sum(parts.values()) - sum(plain.values())
            each = f"{1e6 * extra_seconds(net, run, base, arguments.turns) / more:.2f} us" if more else ""
            cells = "".join(f"{parts[part]:<11}" for part in (*PARTS, "kernels"))
            print(f"{name:<12}{run.__name__[4:]:<10}{sum(parts.values()):<10}{cells}{each}", flush=True)
    print(f"\n{'candidates':<12}{''.join(f'{stage:<16}' for stage in by_hand.stages)}first step")
    for name, net in rows:
        seconds = "".join(f"{f'{taken:.2f} s':<16}" for taken in net.stages.values())
        print(f"{name:<12}{seconds}{net.first_step:.2f} s")


def visited(run: Callable[..., None]) -> Counter[str]:
    """How many nodes of each part a run has, after TensorFlow's optimizer."""
    metadata = v1.RunMetadata()
    run(options=v1.RunOptions(output_partition_graphs=True), run_metadata=metadata)
    part_of = {operation: part for part, operations in PARTS.items() for operation in operations}
    return Counter(part_of.get(node.op, "kernels") for graph in metadata.partition_graphs for node in graph.node)


def extra_seconds(net: Net, run: Callable[[], None], base: Callable[[], None], turns: int) -> float:
    """The median of what a run takes more than the base, of the processor, each time with another architecture."""
    differences = []
    for _ in range(turns):
        net.load()
        differences.append(_processor(run) - _processor(base))
    return float(np.median(differences))


def _processor(run: Callable[[], None], times: int = 20) -> float:
    run()
    begin = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - begin) / times


if __name__ == "__main__":
    main()
