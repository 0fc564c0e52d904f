"""Compiled files import their mode above the user's own imports, which must stay the first to load TensorFlow."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("mode", ["classic", "enas", "oneshot", "darts"])
def test_importing_a_mode_does_not_load_tensorflow(mode: str) -> None:
    code = f"""
import sys
from nascompile_runtime.graph import {mode} as _nascompile
assert "tensorflow" not in sys.modules
print(_nascompile.candidate("f()", "h/f", len))
from nascompile_runtime.graph import {mode} as again
assert again is _nascompile is sys.modules["nascompile_runtime.graph.{mode}"]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Candidate" in done.stdout


def test_package_of_modes_has_no_other_attributes() -> None:
    from nascompile_runtime import graph

    with pytest.raises(AttributeError, match=r"nascompile_runtime\.graph.*no attribute 'elastic'"):
        _ = graph.elastic
