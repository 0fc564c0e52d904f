"""Invents programs, puts annotations at random statement positions, compiles in every mode, and checks the promises.

    python tests/fuzz/generated.py --programs 20000                       programs of all kinds of statements
    python tests/fuzz/generated.py --programs 2000 --kind grammar         programs of strange tokens (hypothesmith)

Programs need only parse and compile; nobody runs them.
"""

from __future__ import annotations

import argparse
import codecs
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1]))

from fuzz.carriers import COMMENTS, STRINGS
from fuzz.insertion import ABOVE_ASSIGNMENT, find_places, insert
from fuzz.positions import MODES, check_insertion

from nascompile.api import compile_source

SIMPLE = (
    *("pass", "x = 1", "x = y = 'é'", "x: int = 2", "x.y: int", "x[0] += 1", "print(x)", "del x", "assert x, y"),
    *("import os", "import os.path as p, sys", "from os import (path,\n  sep as s)", "raise", "raise x from y", "..."),
    *("'a string'", "'''a\n  string # @nni\n'''", 'f"{x!r:>{y}}"', "b'bytes'", "('in', 'brackets')", "(yield_)"),
    *("x = [\n1,\n  2]", "x = 1 + \\\n  2", "x = lambda: (\n  0)", "x = '''\n'''; y = 1", "(x := 1)", "*x, y = z"),
    *("x = {'a': 1, **y}", "名前 = ä = 1", "x = y if z else [i for i in x]", "type_ = x @ y", "x = '\\\nb'", "x.y = z"),
    *("tf = 1", "nni = 2", "_nascompile = 3", "import tensorflow as tf", "import tensorflow.compat.v1 as tf"),
)
IN_FUNCTIONS = ("return", "return x", "yield", "x = yield x", "global g", "return (\n x)")
IN_ASYNC = ("await x", "return await x", "x = [i async for i in x]")
IN_LOOPS = ("break", "continue")
HEADERS = ("if x:", "while (x and\n   y):", "for x in y:", "with x as y, z:", "with (x):", "for x, *y in z, 1:")
ASYNC_HEADERS = ("async with x:", "async for x in y:")
DEFINITIONS = (
    "def f(x, *, y=1):",
    "class C:",
    "class C(object, metaclass=type):",
    "async def f():",
    "def f(\n x) -> 'y':",
)
DECORATORS = ("@x", "@x.y(1)", "@(\n  x)", "@x[0]  # why", "@x\n# a comment", "@lambda f: f")
NOISE = ("", "", "", "# a comment", "  # indented", "\t", "#", "# see @nni.x()", "\f", "   \\\n")
INDENTS = ("    ", "  ", "\t", " ", "        ", "\t  ")


@dataclass(frozen=True)
class Around:
    """What stands around a statement, as far as it decides which statements there may be."""

    depth: int = 0
    function: bool = False
    is_async: bool = False
    loop: bool = False


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Return a program that parses and compiles."""
    rng = draw(st.randoms(use_true_random=False))
    lines = ["'''A docstring.'''"] if rng.random() < 0.3 else []
    if rng.random() < 0.3:
        lines.append(rng.choice(["from __future__ import annotations", "from __future__ import division; x = 1"]))
    lines += _suite(rng, Around(), rng.randint(1, 6))
    text = "\n".join(lines)
    return text + rng.choice(["\n", "", "\n\n", "  # the end", " ;"[: 2 * (not lines[-1].startswith(" "))] + "\n"])


def _suite(rng: random.Random, around: Around, count: int) -> list[str]:
    """Return the lines of a suite, not indented."""
    lines: list[str] = []
    for _ in range(count):
        if rng.random() < 0.3:
            lines.append(rng.choice(NOISE[:-1]))
        compound = rng.random() < 0.5 / (around.depth + 1)
        lines += _compound(rng, around) if compound else [_line(rng, around)]
    return lines


def _line(rng: random.Random, around: Around) -> str:
    """Return small statements on a line."""
    choices = [*SIMPLE]
    choices += [*IN_FUNCTIONS] * around.function + [*IN_ASYNC] * around.is_async + [*IN_LOOPS] * around.loop
    if around.is_async:
        choices = [one for one in choices if one != "return x" and one != "return (\n x)" and one != "return await x"]
    text = rng.choice([" ; ", ";", "; "]).join(rng.choice(choices) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    return text + rng.choice(["", "", "", ";", " ;", "  # a comment"])


def _compound(rng: random.Random, around: Around) -> list[str]:
    kind = rng.randrange(6)
    if kind < 2:
        header = rng.choice(DEFINITIONS)
        function = not header.startswith("class")
        inner = Around(around.depth + 1, function, header.startswith("async"))
        return [*rng.choices(DECORATORS, k=rng.choice((0, 0, 1, 2))), *_clause(rng, header, inner)]
    if kind == 2:
        return _match(rng, around)
    if kind == 3:
        return _try(rng, around)
    header = rng.choice((*HEADERS, *ASYNC_HEADERS) if around.is_async else HEADERS)
    loops = header.startswith(("for", "while", "async for"))
    inner = Around(around.depth + 1, around.function, around.is_async, around.loop or loops)
    lines = _clause(rng, header, inner)
    outer = Around(around.depth + 1, around.function, around.is_async, around.loop)
    if header == "if x:":
        for _ in range(rng.choice((0, 0, 1, 3))):
            lines += _clause(rng, "elif y:", outer)
    if header == "if x:" or loops:
        lines += _clause(rng, "else:", outer) if rng.random() < 0.4 else []
    return lines


def _match(rng: random.Random, around: Around) -> list[str]:
    inner = Around(around.depth + 2, around.function, around.is_async, around.loop)
    cases = [_clause(rng, f"case {rng.choice(('[x, *_]', '{1: y}', 'C(x=1) if x', 'None'))}:", inner) for _ in range(2)]
    indent = rng.choice(INDENTS)
    return ["match x:", *_indented([line for case in cases for line in case], indent)]


def _try(rng: random.Random, around: Around) -> list[str]:
    inner = Around(around.depth + 1, around.function, around.is_async, around.loop)
    lines = _clause(rng, "try:", inner)
    handlers = rng.choice(((), ("except:",), ("except (x,\n  y) as e:", "except C:")))
    for header in handlers:
        lines += _clause(rng, header, inner)
    if handlers and rng.random() < 0.5:
        lines += _clause(rng, "else:", inner)
    if not handlers or rng.random() < 0.5:
        lines += _clause(rng, "finally:", inner)
    return lines


def _clause(rng: random.Random, header: str, inner: Around) -> list[str]:
    """Return a header and its suite: on its line, or below it."""
    if rng.random() < 0.25:
        return [f"{header} {_line(rng, inner)}"]
    tail = rng.choice(["", "", "  # a comment"])
    suite = _suite(rng, inner, rng.randint(1, 3))
    documented = ['"""A docstring."""'] if header in DEFINITIONS and rng.random() < 0.3 else []
    return [header + tail, *_indented(documented + suite, rng.choice(INDENTS))]


def _indented(lines: list[str], indent: str) -> list[str]:
    return [indent + line if line.strip() else line for line in lines]


@dataclass
class Tally:
    """What was tried, and what was found; `last` is the program tried last, the smallest one after a finding."""

    programs: int = 0
    annotations: int = 0
    compiled: int = 0
    skipped: int = 0
    last: bytes = b""
    findings: list[str] = field(default_factory=list)


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


def strategy_of(kind: str) -> st.SearchStrategy[str]:
    """Return the strategy for a kind of programs."""
    if kind == "statements":
        return programs()
    import hypothesmith

    return hypothesmith.from_grammar() if kind == "grammar" else hypothesmith.from_node()


def run(kind: str, count: int, seed_number: int, tally: Tally) -> None:
    """Try some programs; the smallest program that breaks a promise is a finding, and ends the run."""

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
    try:
        test()
    except Exception as error:  # whatever it is, it is a finding
        tally.findings.append(f"{type(error).__name__}: {error}\nin {tally.last.decode()!r}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--kind", choices=["statements", "grammar", "node"], default="statements")
    parser.add_argument("--seed", type=int, default=0)
    given_arguments = parser.parse_args(arguments)
    tally = Tally()
    began = time.perf_counter()
    run(given_arguments.kind, given_arguments.programs, given_arguments.seed, tally)
    for finding in tally.findings:
        print(finding)
    print(
        f"{tally.programs} programs, {tally.annotations} annotations, {tally.compiled} compilations, "
        f"{tally.skipped} skipped, {len(tally.findings)} findings, {time.perf_counter() - began:.0f} s"
    )
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
