"""The compiler needs neither TensorFlow nor the runtime, not even in the corners that are imported late."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from golden_cases import GOLDEN

SCRIPT = """
import importlib, pkgutil, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "nascompile_runtime"):
            raise ImportError(f"{name} is not to be imported here")

sys.meta_path.insert(0, Blocker())
import nascompile

for module in pkgutil.walk_packages(nascompile.__path__, "nascompile."):
    if not module.name.endswith("__main__"):
        print(importlib.import_module(module.name).__name__)

from nascompile.api import compile_source
from nascompile.modes import MODES

data = open(sys.argv[1], "rb").read()
architecture = __import__("json").loads(open(sys.argv[2]).read())
for mode in MODES:
    assert compile_source(data, module="input", mode=mode, architecture=architecture).ok
"""


def test_compiler_imports_and_compiles_without_tensorflow() -> None:
    case = GOLDEN / "several_layers"
    command = [sys.executable, "-c", SCRIPT, str(case / "input.py"), str(case / "architecture.json")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert ended.returncode == 0, ended.stderr
    imported = ended.stdout.split()
    assert {"nascompile.api", "nascompile.modes.fixed", "nascompile.emit.rewrite"} <= set(imported)


def test_compiler_starts_without_libcst() -> None:
    check = "import sys, nascompile.api; sys.exit('libcst' in sys.modules or 'msgspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=Path(__file__).parents[2]).returncode == 0
