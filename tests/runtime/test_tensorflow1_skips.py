"""Candidates of TensorFlow 1 that append to their inputs and to a list of all layers train as they are in each mode."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIAL = Path(__file__).with_name("tensorflow1") / "skips.py"
ARCHITECTURE = {
    "skips/Child.model": {
        "layer_0_out": {"chosen_layer": "conv(size=3)", "chosen_inputs": []},
        "layer_1_out": {"chosen_layer": "max_pool()", "chosen_inputs": ["layer_0_out"]},
    },
    "skips/Child.model#2": {
        "layer_2_out": {"chosen_layer": "conv(size=1)", "chosen_inputs": []},
        "layer_3_out": {"chosen_layer": "conv(size=3)", "chosen_inputs": ["layer_0_out", "layer_2_out"]},
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["classic", "enas", "oneshot", "darts", "fixed"])
def test_lists_that_candidates_append_to_train(mode: str, tmp_path: Path) -> None:
    given = tmp_path / "architecture.json"
    given.write_text(json.dumps(ARCHITECTURE), encoding="utf-8")
    command = [sys.executable, "-m", "nascompile", "exec", str(TRIAL), "--mode", mode, "--tf1"]
    results = str(tmp_path / "results.jsonl")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "NASCOMPILE_RESULTS": results}
    if mode == "fixed":
        command += ["--arch", str(given)]
    else:
        environment["NASCOMPILE_ARCHITECTURE"] = str(given)
    done = subprocess.run(
        [*command, "--", "--steps", "40"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "trained" in done.stdout  # the trial itself asserts that it learns, and how many layers its list holds
