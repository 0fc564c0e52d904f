"""How good the search is, measured where the truth is known: a space whose every architecture was trained alone.

    python tests/bench/search_quality.py --truth       # train every architecture alone: 15 minutes of one core
    python tests/bench/search_quality.py --searches    # train the supernets: 20 minutes of one core
    python tests/bench/search_quality.py               # compare the two, from the data files, as tables in markdown

Both go on where they ended; delete a data file to make it anew.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from quality_searches import SEARCHES, run_searches
from quality_tables import Truth, print_searches, print_truth
from quality_truth import architectures, make_truth, read_lines

DATA = Path(__file__).with_name("data")
TRUTH = DATA / "quality_truth.jsonl"
RUNS = DATA / "quality_searches.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", action="store_true", help="train every architecture alone; goes on where it ended")
    parser.add_argument(
        "--searches", nargs="*", choices=SEARCHES, metavar="NAME", help="train supernets: all, or these"
    )
    parser.add_argument("--seeds", type=int, default=5, help="of each search")
    options = parser.parse_args()
    if options.truth:
        # In random order, so that what is there on the way is a fair sample of the whole.
        order = np.random.default_rng(0).permutation(len(architectures()))
        make_truth(TRUTH, [int(number) for number in order])
    elif options.searches is not None:
        run_searches(RUNS, options.searches or list(SEARCHES), options.seeds)
    else:
        truth = Truth.of(read_lines(TRUTH)[1:])
        print_truth(truth)
        print_searches(truth, read_lines(RUNS)[1:])


if __name__ == "__main__":
    main()
