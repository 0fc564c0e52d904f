"""What the command line says of wrong usage and of files that cannot be used.

It stands in tests/golden/command_lines/transcript.txt. Its lines that begin with `$ ` are run in a copy of that folder;
what they write to standard error, and the exit status, stand below. None of them may write anything else. Add a line,
and let `--update-golden` write what it says.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from golden_cases import GOLDEN, check_golden

from nascompile.cli import program

FOLDER = GOLDEN / "command_lines"
TRANSCRIPT = FOLDER / "transcript.txt"
LINES = re.findall(r"^\$ (.+)$", TRANSCRIPT.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the folder, with a link that leads out of its package; no command line may change it."""
    copy = tmp_path / "copy"
    shutil.copytree(FOLDER, copy)
    (copy / "package/outside.py").symlink_to("../plain.py")
    monkeypatch.chdir(copy)
    before = _everything(copy)
    yield copy
    assert _everything(copy) == before


def _everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def _run(line: str) -> str:
    name, *arguments = shlex.split(line)
    assert name == "nascompile"
    result = CliRunner(env={"COLUMNS": "120"}).invoke(program, arguments, prog_name=name, obj=[])
    assert isinstance(result.exception, SystemExit), line
    assert result.stdout_bytes == b"", line
    return f"$ {line}\n{result.stderr_bytes.decode()}exit status {result.exit_code}\n"


def test_transcript_is_golden(update_golden: bool) -> None:
    check_golden(TRANSCRIPT, "\n".join(map(_run, LINES)).encode(), update_golden)


def test_every_status_is_that_of_an_error() -> None:
    statuses = set(re.findall(r"^exit status (.+)$", TRANSCRIPT.read_text(encoding="utf-8"), re.MULTILINE))
    assert statuses == {"1", "2"}


@pytest.mark.parametrize("command", ["check", "space"])
def test_real_process_says_the_same(folder: Path, command: str) -> None:
    line = f"nascompile {command} wrong.py"
    process = [sys.executable, "-m", "nascompile", command, "wrong.py"]
    result = subprocess.run(process, capture_output=True, check=False, env={**os.environ, "COLUMNS": "120"})
    assert result.stdout == b""
    assert f"$ {line}\n{result.stderr.decode()}exit status {result.returncode}\n" == _run(line)
    assert line in LINES
