"""Kills runs that write a folder, at every step of theirs or at random ones, and looks at what is there then.

    python tests/fuzz/kills.py --kills 200 --seed 1

Where folders are exchanged, the output is the old one or the new one after any kill. Where an old one steps aside, it
may be none at all between two steps, and the next run makes that good. What the user has there is there after any run.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from killing import Ground

WAYS = {"exchange": {"old", "new"}, "aside": {"old", "new", "none"}}


def kill_and_look(ground: Ground, step: int, allowed: set[str]) -> tuple[str, list[str]]:
    """Kill a run before a step; return what was there then, and what is wrong with that or after the next run."""
    ground.begin()
    before = ground.state()
    killed = ground.run(step)
    state = ground.state()
    wrong = [] if state in allowed or state == before else [f"killed at step {step}: {state}"]
    again = ground.run()
    if ground.state() != "new" or ground.leftovers():
        wrong.append(f"killed at step {step}, run again: {ground.state()}, {ground.leftovers()}, {again.said}")
    return state if killed.was_killed else "not killed", wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how many for each way; spread over all steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where to work; on a disk in memory it goes fast")
    arguments = parser.parse_args()
    chance, findings = random.Random(arguments.seed), 0
    for way, allowed in WAYS.items():
        for is_new in (False, True):
            with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
                ground = Ground(Path(folder), way, is_new=is_new)
                ground.begin()
                steps = ground.run().steps
                order = [*range(1, steps + 1)] * (arguments.kills // steps + 1)
                chance.shuffle(order)
                states: Counter[str] = Counter()
                for step in order[: arguments.kills] if not is_new else order[: arguments.kills // 4]:
                    state, wrong = kill_and_look(ground, step, allowed)
                    states[state] += 1
                    findings += len(wrong)
                    print(*wrong, sep="\n", end="\n" * bool(wrong))
            print(
                f"{way}, {'a new folder' if is_new else 'over an old one'}: {steps} steps; {dict(states)}", flush=True
            )
    print(f"{findings} findings")
    return findings > 0


if __name__ == "__main__":
    sys.exit(main())
