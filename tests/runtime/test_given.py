"""A given architecture that holds what was not built here is told of when the process ends well, and only then."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CODE = """\
from nascompile_runtime.graph import classic
classic.variable("trial/lr/choice", "choice", 0.1, 0.01)
classic.sub_graph("trial/build", "h", layer_choice=[classic.candidate("f()", "h/f", lambda inputs: 1)])
"""
BLOCK = {"h": {"chosen_layer": "f()", "chosen_inputs": []}}
RIGHT = {"trial/build": BLOCK, "trial/lr/choice": 0.01}


def _run(folder: Path, architecture: Any, code: str = CODE) -> str:
    (folder / "best.json").write_text(json.dumps(architecture))
    environment = {"NASCOMPILE_ARCHITECTURE": "best.json", "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    ).stderr


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({}, ""),
        ({"trial/l_r/choice": 0.1}, "'trial/l_r/choice'"),
        ({"trial/other": BLOCK}, "'trial/other'"),
        ({"net/build": BLOCK}, ""),
        ({f"trial/b{number}": BLOCK for number in range(8)}, "'trial/b4' and 3 more"),
        ({"/made_for": {}}, ""),
        ({"src.trial/build": BLOCK}, ""),  # of another module, as far as this process knows
    ],
)
def test_what_nothing_asked_for_is_named_at_the_end(tmp_path: Path, extra: dict[str, Any], said: str) -> None:
    line = "nascompile: best.json holds what was not built here, so it changed nothing: "
    stderr = _run(tmp_path, {**RIGHT, **extra})
    assert (stderr.startswith(line) and stderr.endswith(f"{said}\n")) if said else stderr == ""


def test_what_another_of_a_list_is_asked_for_is_known(tmp_path: Path) -> None:
    other = {"trial/build": BLOCK, "trial/other/choice": 1}
    asks = 'classic.get_next_parameter()\nclassic.variable("trial/other/choice", "choice", 1, 2)\n'
    assert _run(tmp_path, [RIGHT, other], CODE + asks) == ""


@pytest.mark.parametrize("ending", ["import sys; sys.exit(1)", "1 / 0"])
def test_process_that_fails_may_have_stopped_before(tmp_path: Path, ending: str) -> None:
    stderr = _run(tmp_path, {**RIGHT, "trial/other": BLOCK}, f"{CODE}{ending}\n")
    assert "nascompile:" not in stderr


def test_process_that_builds_nothing_says_nothing(tmp_path: Path) -> None:
    code = "from nascompile_runtime.parameters import trial\ntrial().backend.start()\n"
    assert _run(tmp_path, RIGHT, code) == ""
