"""Runs the compiler over every Python file of the standard library and of the installed TensorFlow.

    python tests/fuzz/library.py

None of them holds an annotation, so each must come out as it is: at once, and also when it says `@nni` somewhere, so
that it is decoded, parsed and scanned. What is not Python gets a diagnostic, never an exception.
"""

from __future__ import annotations

import codecs
import sys
import sysconfig
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from nascompile.api import compile_source
from nascompile.modes import MODES

MENTION = b'"an @nni." in "a string"  # and @nni in a comment'


@dataclass
class Tally:
    """What was tried, and what was found."""

    identical: int = 0
    refused: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


def library_files() -> Iterator[Path]:
    """Yield every `.py` file of the standard library and of TensorFlow, if it is installed."""
    roots = [Path(sysconfig.get_path("stdlib"))]
    spec = find_spec("tensorflow")
    if spec and spec.origin:
        roots.append(Path(spec.origin).parent)
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            if not {"site-packages", "dist-packages"} & {*path.relative_to(root).parts}:
                yield path


def mentioning(data: bytes) -> bytes:
    """Return a file that says `@nni` where it means nothing, below all that it says itself."""
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    return data + newline + MENTION + newline


def check_untouched(data: bytes, path: Path, tally: Tally) -> None:
    """Compile a file, and the file with a mention of `@nni`, and see that both come out as they are."""
    if compile_source(data, path=str(path)).output != data:
        tally.findings.append(f"{path}: changed without any annotation")


def check_parsed(data: bytes, path: Path, tally: Tally, mode: str) -> None:
    """Compile a file that must be parsed: it must come out as it is, or with a diagnostic if it is no Python."""
    data = mentioning(data)
    try:
        compiled = compile_source(data, path=str(path), mode=mode)
    except Exception as error:  # whatever it is, it is a finding
        tally.findings.append(f"{path}: {type(error).__name__}: {error}")
        return
    if compiled.output == data:
        tally.identical += 1
    elif compiled.output is not None:
        tally.findings.append(f"{path}: changed")
    elif not is_python(data):
        tally.refused.append(f"{path}: {compiled.diagnostics[0].code} {compiled.diagnostics[0].message}")
    else:
        tally.findings.append(f"{path}: refused: {compiled.diagnostics[0]}")


def is_python(data: bytes) -> bool:
    """Whether Python itself compiles a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "library.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def main() -> int:
    tally = Tally()
    began = time.perf_counter()
    for number, path in enumerate(library_files()):
        data = path.read_bytes()
        check_untouched(data, path, tally)
        check_parsed(data, path, tally, [*MODES][number % len(MODES)])
    _print(tally.refused)
    _print(tally.findings)
    took = time.perf_counter() - began
    print(f"{tally.identical} identical, {len(tally.refused)} not Python, {len(tally.findings)} findings, {took:.0f} s")
    return 1 if tally.findings else 0


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
