"""Invents programs, puts annotations at random statement positions, compiles in every mode, and checks the promises.

    python tests/fuzz/programs.py --programs 20000                         the full run: hours, and best under `nice`
    python tests/fuzz/programs.py --programs 20000 --figures run.jsonl     one that may be stopped and goes on later

Programs come in rounds, each with a seed of its own: mostly statements of all kinds, now and then strange tokens. A
round ends with the smallest program that breaks a promise, and the next one goes on. Figures are those of finished
rounds, so a stop loses one round at most.
"""

from __future__ import annotations

import argparse
import codecs
import json
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1]))

from fuzz.carriers import COMMENTS, STRINGS
from fuzz.generated import KINDS, strategy_of
from fuzz.insertion import ABOVE_ASSIGNMENT, find_places, insert
from fuzz.positions import MODES, check_insertion

from nascompile.api import compile_source

ROUND = 100
TURNS = ("statements",) * 8 + ("node", "grammar")
"""Which kind of programs a round has, in turn."""


@dataclass
class Tally:
    """What was tried, and what was found; `last` is the program tried last, the smallest one after a finding."""

    programs: int = 0
    annotations: int = 0
    compiled: int = 0
    skipped: int = 0
    seconds: float = 0
    last: bytes = b""
    findings: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what another one has counted."""
        self.programs += other.programs
        self.annotations += other.annotations
        self.compiled += other.compiled
        self.skipped += other.skipped
        self.seconds += other.seconds
        self.findings += other.findings

    def __str__(self) -> str:
        return (
            f"{self.programs:,} programs, {self.annotations:,} annotations, {self.compiled:,} compilations, "
            f"{self.skipped:,} skipped, {len(self.findings)} findings, {self.seconds:,.0f} s"
        )


def check_program(text: str, rng: random.Random, tally: Tally, modes: Sequence[str] = MODES) -> None:
    """Annotate a program at some of its positions, or at all, and check what it becomes in the modes.

    Raises:
        BrokenPromise: something does not hold.
    """
    data = text.encode()
    if not _compiles(data):
        tally.skipped += 1
        return
    places = find_places(data)
    count = rng.choice((1, 1, 2, 3, len(places)))
    chosen = sorted(rng.sample(range(len(places)), min(count, len(places))))
    kinds = (*STRINGS, *COMMENTS, ABOVE_ASSIGNMENT)
    newline = "\r\n" if "\r\n" in text else "\n"
    inserted = insert(data, [places[index] for index in chosen], kinds, rng, newline)
    if not inserted.annotated or not _compiles(inserted.data):
        tally.skipped += 1
        return
    tally.programs += 1
    tally.last = inserted.data
    tally.annotations += len(inserted.annotated)
    for mode in modes:
        tally.compiled += 1
        check_insertion(inserted, mode, scopes=rng.random() < 0.5)
    if b"\r" not in inserted.data:
        check_other_bytes(inserted.data)


def check_other_bytes(data: bytes) -> None:
    """Check that a byte order mark and other line ends make no other difference."""
    plain = compile_source(data, mode="enas").output
    assert plain is not None
    marked = compile_source(codecs.BOM_UTF8 + data, mode="enas").output
    assert marked == codecs.BOM_UTF8 + plain
    for newline in (b"\r\n", b"\r"):
        other = compile_source(data.replace(b"\n", newline), mode="enas").output
        assert other == plain.replace(b"\n", newline)


def _compiles(data: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "generated.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def run_round(kind: str, count: int, seed_number: int) -> Tally:
    """Try some programs; the smallest program that breaks a promise is a finding, and ends the round."""
    tally, began = Tally(), time.perf_counter()

    @seed(seed_number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        verbosity=Verbosity.quiet,
    )
    @given(strategy_of(kind), st.integers(0, 2**32))
    def try_program(text: str, number: int) -> None:
        check_program(text, random.Random(number), tally)

    test: Callable[[], None] = try_program
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hypothesmith compiles what it invents
        try:
            test()
        except Exception as error:  # whatever it is, it is a finding
            tally.findings.append(f"{type(error).__name__}: {error}\nin {tally.last.decode()!r}")
    tally.seconds = time.perf_counter() - began
    return tally


def _finished(figures: Path | None) -> list[Tally]:
    """Return what a file says of earlier rounds."""
    if figures is None or not figures.exists():
        return []
    return [Tally(**json.loads(line)) for line in figures.read_text(encoding="utf-8").splitlines()]


def _record(figures: Path, tally: Tally) -> None:
    told = {name: value for name, value in asdict(tally).items() if name != "last"}
    with figures.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--programs", type=int, default=1000, help="how many to try; skipped ones do not count")
    parser.add_argument("--kind", choices=KINDS, help="only programs of this kind")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other programs")
    parser.add_argument(
        "--figures", type=Path, help="a file of figures, one round a line; the run goes on where it ends"
    )
    given_arguments = parser.parse_args(arguments)
    rounds = _finished(given_arguments.figures)
    total = Tally()
    for tally in rounds:
        total.add(tally)
    number = len(rounds)
    try:
        while total.programs < given_arguments.programs:
            kind = given_arguments.kind or TURNS[number % len(TURNS)]
            tally = run_round(kind, ROUND, given_arguments.seed * 1_000_000 + number)
            number += 1
            total.add(tally)
            if given_arguments.figures:
                _record(given_arguments.figures, tally)
            for finding in tally.findings:
                print(finding)
            print(f"round {number}, {kind}: {total}", flush=True)
    except KeyboardInterrupt:
        print("stopped")
    print(total)
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.exit(main())
