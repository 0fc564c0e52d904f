"""A folder to use the command line in, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from nascompile.cli import program

LAYER = '"""@nni.mutable_layers({layer_choice: [conv(size=3), conv(size=5)], fixed_inputs: [x], layer_output: h})"""\n'
TRIAL = f"def conv(inputs, size):\n    return size\n\n\nx = 1\n{LAYER}print(h)\n"
WRONG = TRIAL.replace("layer_output", "layer_ouput")
ARCHITECTURE = {"trial": {"h": {"chosen_layer": "conv(size=5)", "chosen_inputs": []}}}
OTHER = {"trial": {"h": {"chosen_layer": "conv(size=3)", "chosen_inputs": []}}}


@dataclass(frozen=True)
class Result:
    """What a run of the command line ended with."""

    returncode: int
    stdout: bytes
    stderr: bytes


def nascompile(*arguments: str, stdin: bytes = b"") -> Result:
    """Run the command line in this process."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(program, arguments, input=stdin, prog_name="nascompile", obj=[])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Result(result.exit_code, result.stdout_bytes, result.stderr_bytes)


def process(*command: str, stdin: bytes = b"") -> Result:
    """Run Python in a process of its own."""
    result = subprocess.run([sys.executable, *command], input=stdin, capture_output=True, timeout=60, check=False)
    return Result(result.returncode, result.stdout, result.stderr)


def everything(folder: Path) -> dict[str, bytes | None]:
    """All that a folder holds, with the bytes of its files."""
    paths = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in paths}


def make_folder(tmp_path: Path) -> Path:
    """Fill a folder with files to name on the command line, and a tree in `src`."""
    (tmp_path / "trial.py").write_text(TRIAL)
    (tmp_path / "wrong.py").write_text(WRONG)
    (tmp_path / "plain.py").write_bytes(b"# coding: latin-1\r\nname = 'caf\xe9'\r\n")
    (tmp_path / "src/pkg").mkdir(parents=True)
    (tmp_path / "src/empty").mkdir()
    (tmp_path / "src/pkg/net.py").write_text(TRIAL)
    (tmp_path / "src/plain.py").write_bytes(b"name = 'caf\xe9'\r\n")  # is no Python, but nobody asks
    (tmp_path / "src/run.sh").write_text("python -m pkg.net\n")
    (tmp_path / "src/run.sh").chmod(0o755)
    (tmp_path / "src/link").symlink_to("nowhere")
    for name, content in {"one": ARCHITECTURE, "list": [OTHER, ARCHITECTURE]}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    ranking = [{"score": 0.9, "architecture": OTHER}, {"score": 0.8, "architecture": ARCHITECTURE}]
    (tmp_path / "ranking.json").write_text(json.dumps(ranking))
    return tmp_path
