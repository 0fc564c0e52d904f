"""Trains the digits sample in every mode over several seeds, each in a process of its own, and prints what it reaches.

python tests/bench/digits.py [--seeds 3] [--steps 1000]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

DIGITS = Path(__file__).parents[2] / "samples" / "digits"
CONFIGURATIONS = [
    ("plain Python", None, None),
    *((f"classic, {name}", "classic", name) for name in ("small", "medium", "large")),
    ("fixed, large", "fixed", "large"),
    ("enas, random controller", "enas", None),
    ("oneshot, candidates dropped too", "oneshot", None),
    ("darts", "darts", None),
]


def train(mode: str | None, architecture: str | None, seed: int, steps: int) -> tuple[float, float]:
    """Return the final test accuracy and the wall time, in seconds, of one process."""
    environment = dict(os.environ, NASCOMPILE_CONFIG=json.dumps({"seed": seed, "drop_candidates": True}))
    path = str(DIGITS / "architectures" / f"{architecture}.json")
    arguments = ["--steps", str(steps), "--seed", str(seed)]
    command = [sys.executable, str(DIGITS / "trial.py"), *arguments]
    if mode is not None:
        arch = ["--arch", path] if mode == "fixed" else []
        run = [sys.executable, "-m", "nascompile", "exec", str(DIGITS / "trial.py"), "--mode", mode]
        command = [*run, *arch, "--", *arguments]
        if mode == "classic":
            environment["NASCOMPILE_ARCHITECTURE"] = path
    start = time.perf_counter()
    with TemporaryDirectory() as folder:  # for what is derived
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"final test accuracy ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1]), time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--only", default="", help="only what contains this text, say darts")
    options = parser.parse_args()
    print("| what is trained | test accuracy, median | lowest to highest | seconds, median |")
    print("|---|---|---|---|")
    for title, mode, architecture in CONFIGURATIONS:
        if options.only not in title:
            continue
        runs = [train(mode, architecture, seed, options.steps) for seed in range(options.seeds)]
        accuracies, seconds = zip(*runs, strict=True)
        spread = f"{min(accuracies):.3f} to {max(accuracies):.3f}"
        median = statistics.median(accuracies)
        print(f"| {title} | {median:.3f} | {spread} | {statistics.median(seconds):.0f} |", flush=True)


if __name__ == "__main__":
    main()
