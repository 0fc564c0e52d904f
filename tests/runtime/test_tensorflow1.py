"""A trial of TensorFlow 1 and NNI trains compiled with --tf1 on the TensorFlow of today, in every mode."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from real_nni import needs_nni

TRIAL = Path(__file__).with_name("tensorflow1") / "digits.py"
ARCHITECTURE = {
    "tests.runtime.tensorflow1.digits/Network.build": {
        "hidden": {"chosen_layer": "dense(self.hidden_size)", "chosen_inputs": []}
    },
    "tests.runtime.tensorflow1.digits/Network.__init__/self.hidden_size/choice": 16,
    "tests.runtime.tensorflow1.digits/Network.__init__/self.learning_rate/loguniform": 0.5,
    "tests.runtime.tensorflow1.digits/Network.build/tf.identity/function_choice": "tf.identity(self.images)",
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["classic", "enas", "oneshot", "darts", pytest.param("fixed", marks=needs_nni)])
def test_trial_of_2019_trains(mode: str, tmp_path: Path) -> None:
    given = tmp_path / "architecture.json"
    given.write_text(json.dumps(ARCHITECTURE), encoding="utf-8")
    results = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "nascompile", "exec", str(TRIAL), "--mode", mode, "--tf1"]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "NASCOMPILE_RESULTS": str(results)}
    if mode == "fixed":
        command += ["--arch", str(given)]
    if mode == "classic":
        environment["NASCOMPILE_ARCHITECTURE"] = str(given)
    command += ["--", "--steps", "30"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "trained STANDALONE" in done.stdout
    if mode != "fixed":
        last = json.loads(results.read_text(encoding="utf-8").splitlines()[-1])
        values = [key for key in last["architecture"] if key.count("/") > 1]
        assert values == [key for key in ARCHITECTURE if key.count("/") > 1]


def test_second_file_does_not_undo_what_the_program_has_set_since(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("import tensorflow as tf\nfrom tensorflow import Session\n")
    (tmp_path / "trial.py").write_text(
        "import tensorflow as tf\n"
        "print(tf.resource_variables_enabled())\n"
        "tf.enable_eager_execution(); tf.enable_control_flow_v2(); tf.disable_resource_variables()\n"
        "import net\n"
        "print(tf.executing_eagerly(), tf.control_flow_v2_enabled(), tf.resource_variables_enabled())\n"
    )
    command = [sys.executable, "-m", "nascompile", "exec", "trial.py", "--tf1"]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "True\nTrue True False\n", done.stderr
