"""The cases of tests/golden: what goes in, and what must come out in every mode.

    tests/golden/<case>/input.py             a file to compile, as module `input`
                       /architecture.json    for mode fixed; without it, the search space's starting architecture
                       /warnings.txt         what is said about it, if anything is
                       /classic.py, enas.py, oneshot.py, darts.py, fixed.py, search_space.json      what must come out

`pytest --update-golden` writes what comes out where it differs, and fails all the same: read the diff.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

from nascompile.api import Compiled, analyse_source, compile_source
from nascompile.search_space import SearchSpace
from nascompile.variable_space import VariableSpace

GOLDEN = Path(__file__).parent / "golden"
MODES = ("classic", "enas", "oneshot", "darts", "fixed")


def starting_architecture(space: SearchSpace) -> dict[str, Any]:
    """Return the architecture of every layer's first candidate and its first, fewest inputs; variables are alike."""
    values = {key: starting_value(variable) for key, variable in space.variables.items()}
    return values | {
        block: {
            layer: {
                "chosen_layer": choices.candidates[0],
                "chosen_inputs": list(choices.optional_inputs[: choices.sizes[0]]),
            }
            for layer, choices in layers.items()
        }
        for block, layers in space.blocks.items()
    }


def starting_value(variable: VariableSpace) -> object:
    """Return the first option or the smallest value; where there is none, one of the middle."""
    middle = {"qnormal": 0.0, "lognormal": 1.0, "qlognormal": variable.arguments[-1]}
    return middle.get(variable.function, variable.arguments[0])


@dataclass(frozen=True)
class Case:
    """A folder of tests/golden."""

    name: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return GOLDEN / self.name

    @property
    def input(self) -> bytes:
        """The file to compile."""
        return (self.folder / "input.py").read_bytes()

    def golden(self, mode: str) -> bytes:
        """What the file must become."""
        return (self.folder / f"{mode}.py").read_bytes()

    def analysed(self) -> Compiled:
        """What the compiler understands of the file."""
        return _analysed(self)

    def architecture(self) -> dict[str, Any]:
        """The architecture of mode fixed."""
        given = self.folder / "architecture.json"
        if given.exists():
            architecture: dict[str, Any] = json.loads(given.read_text(encoding="utf-8"))
            return architecture
        return starting_architecture(self.analysed().search_space)

    def compiled(self, mode: str) -> Compiled:
        """What the file becomes."""
        return _compiled(self, mode)

    def __str__(self) -> str:
        return self.name


@cache
def _analysed(case: Case) -> Compiled:
    return analyse_source(case.input, path="input.py", module="input")


@cache
def _compiled(case: Case, mode: str) -> Compiled:
    architecture = case.architecture() if mode == "fixed" else None
    return compile_source(case.input, path="input.py", module="input", mode=mode, architecture=architecture)


CASES = [Case(folder.name) for folder in sorted(GOLDEN.iterdir()) if (folder / "input.py").exists()]


def check_golden(path: Path, actual: bytes, update: bool) -> None:
    """Compare with a golden file; where they differ, fail, and with `update` write the file before."""
    expected = path.read_bytes() if path.exists() else b""
    if path.exists() and actual == expected:
        return
    if update:
        path.write_bytes(actual)
    advice = "was rewritten: read the diff" if update else "differs; where the new text is right, use --update-golden"
    raise AssertionError(f"{path} {advice}\n" + _difference(expected, actual))


def _difference(expected: bytes, actual: bytes) -> str:
    lines = [[repr(line)[2:-1] for line in data.splitlines(keepends=True)] for data in (expected, actual)]
    return "\n".join(unified_diff(*lines, "golden", "now", lineterm=""))
