"""How fast the compiler is, beside the least that it could take.

    python tests/bench/compile_speed.py                 a table: medians, and the ratio's quartiles

Both are measured in turn, in one process, so that they meet the same machine. Processor time is used where both run in
this process; several and whole processes are timed by the clock.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import libcst

from nascompile.api import MARK, compile_source
from nascompile.batch import compile_tree
from nascompile.cache import Cache
from nascompile.compiled import Options
from nascompile.jobs import Work
from nascompile.reading import read_file

LINES = 20_000
LAYER = "layer_choice=[conv(size=1), conv(size=3), pool()], fixed_inputs=[x], layer_output=h"
STRING = f'    """@nni.mutable_layer({LAYER})"""'
COMMENT = f"    # @nni.mutable_layer({LAYER})"


@dataclass(frozen=True)
class Row:
    """A measurement: what was compared, the seconds of both, round by round, and the aim for the ratio."""

    name: str
    base: list[float]
    ours: list[float]
    aim: float | None = None
    lines: int = 0

    @property
    def text(self) -> str:
        """The row as the table shows it."""
        ratios = [ours / base for base, ours in zip(self.base, self.ours, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        base, ours = (1000 * statistics.median(times) for times in (self.base, self.ours))
        aim = f"<= {self.aim}" if self.aim else ""
        speed = f"{1000 * self.lines / ours:,.0f} lines/s" if self.lines else ""
        return (
            f"{self.name:46} {base:9.1f} {ours:9.1f} {middle:7.2f} {low:6.2f} - {high:4.2f}   {aim:7}{speed}".rstrip()
        )


def library_text(count: int = LINES) -> str:
    """Return the first lines of the standard library's larger modules, one below the other."""
    library = Path(sysconfig.get_path("stdlib"))
    names = ["argparse", "datetime", "doctest", "inspect", "pickle", "smtplib", "ssl", "subprocess", "tarfile"]
    names += (
        "threading",
        "turtle",
        "typing",
        "zipfile",
        "logging/__init__",
        "asyncio/base_events",
        "locale",
        "optparse",
    )
    texts = [
        (library / f"{name}.py").read_text(encoding="utf-8") for name in names if (library / f"{name}.py").exists()
    ]
    lines = "\n".join(texts).replace("from __future__", "# from __future__").split("\n")[:count]
    while not _parses("\n".join(lines)):
        lines.pop()
    return "\n".join(lines)


def annotated(text: str, count: int, annotation: str) -> bytes:
    """Return a text with functions put between its statements, each with an annotation in it."""
    lines = text.split("\n")
    tops = [one.lineno for one in ast.parse(text).body if not getattr(one, "decorator_list", [])]
    step = len(tops) / (count + 1)
    for line in reversed([tops[int(step * (index + 1))] for index in range(count)]):
        lines[line - 1 : line - 1] = ["def build(x, conv, pool):", annotation, "    return h"]
    return "\n".join(lines).encode()


def compare(
    name: str,
    base: Callable[[], object],
    ours: Callable[[], object],
    rounds: int,
    aim: float | None,
    clock: Callable[[], float] = time.process_time,
) -> Row:
    """Measure two things in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for function, taken in zip((base, ours), times, strict=True):
            start = clock()
            function()
            taken.append(clock() - start)
    return Row(name, times[0][1:], times[1][1:], aim)  # the first round imports and fills caches


def large_files(rounds: int) -> Iterator[Row]:
    """Yield the cost of a large file beside parsing its text."""
    text = library_text()
    for count, carrier, annotation in ((1, "string", STRING), (50, "string", STRING), (50, "comment", COMMENT)):
        data = annotated(text, count, annotation)
        source = data.decode()
        assert compile_source(data, mode="enas").ok
        lines = data.count(b"\n") + 1
        name = f"{lines:,} lines, {count} {carrier} annotation(s) / ast.parse"
        row = compare(name, lambda s=source: ast.parse(s), _compiler(data), rounds, 2.5)  # type: ignore[misc]
        yield replace(row, lines=lines)
    few = max(2, rounds // 3)
    yield compare("  the last one / LibCST", lambda: libcst.parse_module(source).code, _compiler(data), few, None)


def many_files(rounds: int, count: int = 500) -> Iterator[Row]:
    """Yield the cost of files without annotations, read and all, beside reading them with `Path.read_bytes`."""
    library = Path(sysconfig.get_path("stdlib"))
    files = [path for path in sorted(library.rglob("*.py")) if "site-packages" not in path.parts][:count]
    files = [path for path in files if MARK not in path.read_bytes()]

    def read() -> None:
        for path in files:
            path.read_bytes()

    def compile_all() -> None:
        for path in files:
            compile_source(read_file(str(path)), path=str(path), mode="enas")

    yield compare(f"{len(files)} unannotated files / reading them", read, compile_all, rounds, 1.5)


def folders(rounds: int, count: int, marked: int = 5) -> Iterator[Row]:
    """Yield the cost of a folder of small files, a few of them annotated, when it is new and when little changed."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "source"), Path(place, "target")
        for index in range(count):
            path = source / f"package_{index // 100}" / f"module_{index}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            body = STRING if index % (count // marked) == 0 else "    h = x"
            path.write_text(f"import os\n\n\ndef build(x, conv, pool):\n{body}\n    return h\n" + "x = 1\n" * 60)
        files = sorted(source.rglob("*.py"))
        name = f"folder of {count:,} files, {marked} annotated"
        work = Work(None, Cache(str(Path(place, "cache"))))

        def copy() -> None:
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)

        def read() -> None:
            for path in files:
                path.read_bytes()

        def compile_new() -> None:
            shutil.rmtree(target, ignore_errors=True)
            assert compile_tree(str(source), str(target), Options("enas")).ok

        def compile_again() -> None:
            assert compile_tree(str(source), str(target), Options("enas"), work).ok

        def compile_one() -> None:
            with files[0].open("a") as file:
                file.write("# changed\n")
            compile_again()

        yield compare(f"{name} / copying it", copy, compile_new, rounds, None)
        yield compare("  nothing changed since / reading it", read, compile_again, rounds, None)
        yield compare("  one annotated file changed / reading it", read, compile_one, rounds, None)


def parallel(rounds: int, count: int = 200) -> Iterator[Row]:
    """Yield what several processes gain in a folder of annotated files, by the clock."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "source"), Path(place, "target")
        source.mkdir()
        data = annotated(library_text(500), 4, COMMENT)
        for index in range(count):
            Path(source, f"module_{index}.py").write_bytes(data)

        def compile_by(workers: int | None) -> None:
            shutil.rmtree(target, ignore_errors=True)
            assert compile_tree(str(source), str(target), Options("enas"), Work(workers)).ok

        name = f"{count} files of 4 layers, processes that pay / one"
        yield compare(name, lambda: compile_by(1), lambda: compile_by(None), rounds, None, time.perf_counter)


def start_up(rounds: int) -> Iterator[Row]:
    """Yield whole processes beside a bare `python -c pass`, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder, "trial.py")
        trial.write_text("import os\n\n\ndef build(x, conv, pool):\n" + STRING + "\n    return h\n" + "x = 1\n" * 94)
        os.environ["NASCOMPILE_CACHE_DIR"] = str(Path(folder, "cache"))
        commands = {
            "--version": ["--version"],
            "a file of 100 lines": [str(trial), "--mode", "enas", "--no-cache"],
            "the same, unchanged": [str(trial), "--mode", "enas"],
        }
        for name, arguments in commands.items():
            command = [sys.executable, "-m", "nascompile", *arguments]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                print(f"nascompile {name} does not run", file=sys.stderr)
                continue
            pairs = [(_process([sys.executable, "-c", "pass"]), _process(command)) for _ in range(rounds)]
            bare, ours = zip(*pairs, strict=True)
            yield Row(f"nascompile {name} / python -c pass", [*bare], [*ours])


def _compiler(data: bytes) -> Callable[[], object]:
    return lambda: compile_source(data, path="bench.py", module="bench", mode="enas")


def _process(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--files", type=int, default=10_000, help="how many files the folder has")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"Python {sys.version.split()[0]}; medians in ms, the ratio's median and quartiles\n")
    print(f"{'what / beside what':62} {'beside':>9} {'ours':>9} {'ratio':>7} {'quartiles':>13}   aim")
    for row in large_files(options.rounds):
        print(row.text, flush=True)
    for row in many_files(options.rounds):
        print(row.text, flush=True)
    for row in folders(max(3, options.rounds // 3), options.files):
        print(row.text, flush=True)
    for row in parallel(max(3, options.rounds // 3)):
        print(row.text, flush=True)
    for row in start_up(options.rounds):
        print(row.text, flush=True)


if __name__ == "__main__":
    main()
