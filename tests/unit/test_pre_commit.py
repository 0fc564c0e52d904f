"""The hook for pre-commit, called as pre-commit calls it: the entry, split like a shell does, and then files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import Result, everything, make_folder, process

MANIFEST = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
HOOKS = dict(re.findall(r"^- id: (\S+)\n(?:  .*\n)*?  entry: (.+)$", MANIFEST, re.MULTILINE))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


def run(hook: str, *files: str) -> Result:
    """Call a hook with the files that pre-commit found."""
    program, *arguments = shlex.split(HOOKS[hook])
    assert program == "nascompile"
    return process("-m", program, *arguments, *files)


def test_hook_passes_what_is_right_and_fails_over_mistakes(folder: Path) -> None:
    before = everything(folder)
    assert run("nascompile-check", "trial.py", "plain.py", "src/pkg/net.py") == Result(0, b"", b"")
    result = run("nascompile-check", "trial.py", "wrong.py")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.startswith(b"wrong.py:6:")
    assert everything(folder) == before


def test_files_of_one_name_in_several_folders_are_no_mistake(folder: Path) -> None:
    (folder / "src/trial.py").write_bytes((folder / "trial.py").read_bytes())
    assert run("nascompile-check", "trial.py", "src/trial.py").returncode == 0
