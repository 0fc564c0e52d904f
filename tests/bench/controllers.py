"""Searches the digits sample in enas mode with every controller, over several seeds, each run in a process of its own.

python tests/bench/controllers.py [--seeds 5] [--steps 1000] [--first_seed 0]

A step's reward is the accuracy on a batch of validation images, and a run's result the mean of its last tenth.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DIGITS = Path(__file__).parents[2] / "samples" / "digits"
CONTROLLERS = ("random", "evolution", "reinforce")


def search(controller: str, seed: int, steps: int, **options: Any) -> float:
    """Return the mean reward of the last tenth of the steps of one run."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.jsonl"
        config = {"controller": controller, "seed": seed, **options}
        environment = dict(os.environ, NASCOMPILE_CONFIG=json.dumps(config), NASCOMPILE_RESULTS=str(results))
        run = [sys.executable, "-m", "nascompile", "exec", str(DIGITS / "trial.py"), "--mode", "enas"]
        command = [*run, "--", "--steps", str(steps), "--seed", str(seed)]
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        records = [json.loads(line) for line in results.read_text().splitlines()]
    # The last final result of the trial is no step's, but that of all validation images.
    rewards = [record["value"] for record in records if record["type"] == "final"][:steps]
    return statistics.fmean(rewards[-max(1, steps // 10) :])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--first_seed", type=int, default=0)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print("| controller | mean reward of the last tenth, median | lowest to highest | above random, median |")
    print("|---|---|---|---|")
    chance: list[float] = []
    for controller in CONTROLLERS:
        rewards = [search(controller, seed, options.steps) for seed in seeds]
        chance = chance or rewards
        above = [reward - other for reward, other in zip(rewards, chance, strict=True)]
        spread = f"{min(rewards):.3f} to {max(rewards):.3f}"
        print(
            f"| {controller} | {statistics.median(rewards):.3f} | {spread} | {statistics.median(above):+.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
