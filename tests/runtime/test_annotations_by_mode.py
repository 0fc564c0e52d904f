"""The page on which annotation each mode needs: its trials run as written, in their modes, without a warning."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "annotations-by-mode.md"
EXPECTED = re.compile(r"nascompile: scored |WARNING: All log messages before absl|I\d{4} .*cuda")
"""How far a derivation is, and what TensorFlow says where it is imported without GPUs (by `exec` it does not)."""
MODES = ["classic", "enas", "oneshot", "darts", "fixed"]
BEST = {
    "trial": {
        "first": {"chosen_layer": "dense(tf.tanh)", "chosen_inputs": []},
        "second": {"chosen_layer": "dense(tf.nn.relu)", "chosen_inputs": []},
    }
}


def section(mode: str) -> tuple[str, str]:
    """The command and the trial that the page gives for a mode."""
    (text,) = re.findall(rf"^## {mode}: .*?(?=^## |\Z)", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    (command,) = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (trial,) = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return command, trial


@pytest.mark.parametrize("mode", MODES)
def test_trial_of_the_page_runs_as_written(mode: str, tmp_path: Path) -> None:
    command, trial = section(mode)
    assert len(trial.splitlines()) <= 40
    (tmp_path / "trial.py").write_text(trial)
    (tmp_path / "architectures.json").write_text(json.dumps(BEST))
    bin_folder = os.path.dirname(sys.executable)
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-ec", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if not EXPECTED.match(line)]
    assert told == [], "nothing is amiss that a user would be told of"
    found = re.search(r"^accuracy ([\d.]+)", done.stdout, re.MULTILINE)
    assert found
    assert float(found[1]) > 0.8, "it learns: a guess has 0.1"


def test_trials_of_the_page_differ_in_their_last_lines_only() -> None:
    heads = {section(mode)[1].split("with tf.Session()")[0] for mode in MODES}
    assert len(heads) == 1
