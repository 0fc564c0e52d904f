"""The same after `tf.compat.v1.disable_v2_behavior()`, which trials call: it holds for a whole process, so in one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MODULES = [
    f"test_enas_{name}.py"
    for name in ("candidates", "collections", "inputs", "gradients", "isolation", "needs", "single")
]
RUN = """
import sys
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""


@pytest.mark.slow
def test_without_v2_behavior() -> None:
    here = Path(__file__).parent
    command = [sys.executable, "-c", RUN, f"--rootdir={here.parents[1]}", *(str(here / name) for name in MODULES)]
    run = subprocess.run(command, cwd=here.parents[1], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
