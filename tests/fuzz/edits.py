"""Edits invented trials, and checks what is made of the architectures that were chosen before the edits.

    python tests/fuzz/edits.py --edits 5000 --seed 1

An architecture is chosen at random, and mode fixed writes the trial as it is then; running that shows which operation
each layer got. After the edits the same architecture is given again, to fixed and to classic. Each layer that was there
before must get the same operation on the same inputs, or the architecture must be refused, or something must be said.
Half of the time, choices for layers that are new are added to it before, as one would by hand.
A layer that took the name of one that is gone is none that was there before: by its name, the choice is its own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

sys.path.append(str(Path(__file__).resolve().parents[1]))

from fuzz.edited import Inventor, Trial

from nascompile.api import analyse_source, annotations_of, compile_source
from nascompile.compiled import Compiled
from nascompile.fingerprint import fingerprint
from nascompile.ir import MutableLayers
from nascompile.passes.space import build_search_space
from nascompile.search_space import SearchSpace
from nascompile_runtime import parameters
from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.backends.given import GivenBackend

Built: TypeAlias = dict[int, Any]
"""Which operation each layer got, and on which inputs, by their identities."""

WARNINGS = ("NC715", "NC716", "NC717")
VERSIONS = 6
"""In how many ways a trial is edited, each time from what it was at first."""


@dataclass
class Tally:
    """What was tried, and what became of it."""

    edits: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count:,} {what}" for what, count in sorted(self.outcomes.items()))
        return f"{self.edits:,} edits: {outcomes}; {len(self.findings)} findings, {self.seconds:,.0f} s"


def check_trial(rng: random.Random, tally: Tally) -> None:
    """Invent a trial, choose an architecture, and look what becomes of it where the trial is edited in several ways."""
    inventor = Inventor(rng)
    trial = inventor.trial()
    space = analyse_source(trial.text().encode(), module="trial").search_space
    architecture = _choose(space, rng)
    compiled = _fixed(trial, architecture)
    if compiled.output is None:  # names that are taken, which is a mistake in the trial
        return
    chosen = _run(compiled)
    for _ in range(VERSIONS):
        edited = trial
        steps = rng.choice((1, 1, 1, 2, 3))
        for _ in range(steps):
            edited = inventor.edit(edited)
        if edited == trial:
            continue
        tally.edits += 1
        given = {**architecture, **fingerprint(space)} if rng.random() < 0.5 else architecture
        kept, given = _completed(chosen, given, edited, rng) if rng.random() < 0.5 else (chosen, given)
        tried = [("fixed", _with_fixed)] + [("classic", _with_classic)] * (rng.random() < 0.3)
        for mode, try_out in tried:
            outcome = _outcome(kept, *try_out(edited, given))
            tally.outcomes[f"{mode} {outcome}"] += 1
            if outcome == "WRONG":
                texts = f"{trial.text()}\n-- edited:\n{edited.text()}"
                tally.findings.append(f"{mode}, of {kept}\n{json.dumps(given)}\n{texts}")


def _outcome(chosen: Built, built: Built | None, said: bool) -> str:
    if built is None:
        return "refused"
    right = all(built[layer] == chosen[layer] for layer in built if layer in chosen)
    if said:
        return "right, warned" if right else "another, warned"
    return "right" if right else "WRONG"


def _choose(space: SearchSpace, rng: random.Random) -> dict[str, Any]:
    architecture: dict[str, Any] = {}
    for block, layer, choices in space.layers():
        low, high = choices.sizes
        inputs = rng.sample(choices.optional_inputs, rng.randint(low, high))
        chosen = {"chosen_layer": rng.choice(choices.candidates), "chosen_inputs": inputs}
        architecture.setdefault(block, {})[layer] = chosen
    return architecture


def _completed(
    chosen: Built, architecture: dict[str, Any], trial: Trial, rng: random.Random
) -> tuple[Built, dict[str, Any]]:
    """Return an architecture with choices for layers that it does not know, and what was chosen for all others."""
    found = annotations_of(trial.text().encode(), path="trial.py", module="trial")
    blocks = [annotated.annotation for annotated in found if isinstance(annotated.annotation, MutableLayers)]
    keys = [(block.key, layer.key) for block in blocks for layer in block.layers]
    pairs = zip(keys, trial.layers(), strict=True)
    added = {layer.identity for (block, key), layer in pairs if key not in architecture.get(block, {})}
    more = _choose(build_search_space(found), rng)
    completed = {block: {**layers, **architecture.get(block, {})} for block, layers in more.items()}
    return {layer: operation for layer, operation in chosen.items() if layer not in added}, architecture | completed


def _fixed(trial: Trial, architecture: dict[str, Any]) -> Compiled:
    return compile_source(trial.text().encode(), module="trial", mode="fixed", architecture=architecture)


def _with_fixed(trial: Trial, architecture: dict[str, Any]) -> tuple[Built | None, bool]:
    compiled = _fixed(trial, architecture)
    said = any(diagnostic.code in WARNINGS for diagnostic in compiled.diagnostics)
    return (None if compiled.output is None else _run(compiled)), said


def _with_classic(trial: Trial, architecture: dict[str, Any]) -> tuple[Built | None, bool]:
    """Return what the runtime builds, and whether anything is said, from compiling to the end of the process."""
    compiled = compile_source(trial.text().encode(), module="trial", mode="classic")
    if compiled.output is None:
        return None, False
    parameters.reset()
    backend = GivenBackend([architecture], "given.json")
    vars(parameters.trial())["backend"] = backend  # found by no environment, and known to no end of the process
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told):
            built = _run(compiled)
    except ArchitectureError:
        return None, False
    warned = any(diagnostic.code in WARNINGS for diagnostic in compiled.diagnostics)
    return built, bool(warned or told.getvalue() or backend.left_over())


def _run(compiled: Compiled) -> Built:
    built: Built = {}
    assert compiled.output is not None
    exec(compile(compiled.output, "trial.py", "exec"), {"__name__": "trial", "log": built.__setitem__})
    return built


def run(edits: int, seed: int, tally: Tally) -> Tally:
    """Try so many edits."""
    rng, began = random.Random(seed), time.perf_counter()
    while tally.edits < edits:
        check_trial(random.Random(rng.random()), tally)
    tally.seconds = time.perf_counter() - began
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=1000, help="how many to try")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other trials")
    options = parser.parse_args(arguments)
    tally = run(options.edits, options.seed, Tally())
    for finding in tally.findings:
        print(finding, end="\n\n")
    print(tally)
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
