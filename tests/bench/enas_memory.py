"""What tensors a training step of a supernet holds at its peak, beside the hand-written net of the chosen candidates.

    python tests/bench/enas_memory.py
    python tests/bench/enas_memory.py --candidates 2 8 32 --channels 32 --size 16 --batch 16

"weights" are those of all candidates with their slots in the optimizer, which every supernet has to hold. "step" is the
most that the tensors of one step take at any time, added up from TensorFlow's own records of each allocation. The ratio
is that of both together, beside a hand-written step and the same weights. What a process takes in all, graph and code
included, is in `enas_growth.py`.
"""

from __future__ import annotations

import argparse

import numpy as np
from nets import Net, v1

MEGABYTE = 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--candidates", type=int, nargs="+", default=[2, 8, 32])
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--size", type=int, default=32, help="height and width")
    parser.add_argument("--batch", type=int, default=32)
    arguments = parser.parse_args()
    shape = [arguments.batch, arguments.size, arguments.size, arguments.channels]
    by_hand = step_peak(Net("by hand", layers=arguments.layers, candidates=1, shape=shape))
    print(f"{'candidates':<12}{'weights':<12}{'step':<12}{'by hand':<12}ratio")
    for candidates in arguments.candidates:
        net = Net("enas", layers=arguments.layers, candidates=candidates, shape=shape)
        net.load()
        weights, step = weights_of(net), step_peak(net)
        shown = "".join(f"{number / MEGABYTE:<12.2f}" for number in (weights, step, by_hand))
        print(f"{candidates:<12}{shown}{(weights + step) / (weights + by_hand):.3f}", flush=True)
        net.session.close()


def weights_of(net: Net) -> int:
    """Bytes of all variables, slots included."""
    with net.session.graph.as_default():
        return sum(each.shape.num_elements() * each.dtype.size for each in v1.global_variables())


def step_peak(net: Net) -> int:
    """Bytes that the tensors of a training step take at its peak."""
    options, metadata = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE), v1.RunMetadata()
    net.run_step(options=options, run_metadata=metadata)
    records = [
        (record.alloc_micros, record.alloc_bytes)
        for device in metadata.step_stats.dev_stats
        for node in device.node_stats
        for memory in node.memory
        for record in memory.allocation_records
    ]
    return int(max(np.cumsum([size for _, size in sorted(records)])))


if __name__ == "__main__":
    main()
