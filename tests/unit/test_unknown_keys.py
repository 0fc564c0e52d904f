"""What an architecture holds and no file has is named; with --strict it, like every warning, is an error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nascompile.cli import program

TRIAL = """\
from net import build
# @nni.variable(nni.choice(0.1, 0.01), name=lr)
lr = 0.1
print(build(lr))
"""
NET = "def build(x):\n    # @nni.mutable_layer(layer_choice=[abs(), len()])\n    h = abs(x)\n    return h\n"
CHOICE = {"h": {"chosen_layer": "len()", "chosen_inputs": []}}
RIGHT = {"net/build": CHOICE, "trial/lr/choice": 0.01}
TYPO = {"net/build": CHOICE, "trial/l_r/choice": 0.01}
EXTRA = {**RIGHT, "other/build": CHOICE}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path / "source")
    Path("trial.py").write_text(TRIAL)
    Path("net.py").write_text(NET)
    return tmp_path


def _fixed(architecture: object, *arguments: str) -> Result:
    Path("../best.json").write_text(json.dumps(architecture))
    return CliRunner().invoke(program, [*arguments, "--mode", "fixed", "--arch", "../best.json"], obj=[])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("architecture", "source", "said"),
    [
        (RIGHT, ".", ""),
        (RIGHT, "trial.py", ""),
        (RIGHT, "net.py", ""),
        (TYPO, ".", "trial.py: warning[NC710]: the architecture holds the variable `trial/l_r/choice`"),
        (TYPO, "trial.py", "trial.py: warning[NC710]: the architecture holds the variable `trial/l_r/choice`"),
        (TYPO, "net.py", ""),
        (EXTRA, ".", "warning[NC710]: the architecture holds the block `other/build`, which no file has"),
        (EXTRA, "trial.py", ""),
        ({**RIGHT, "/made_for": {}}, ".", ""),
        ({"src.net/build": CHOICE, "trial/lr/choice": 0.1}, ".", ""),  # as another root calls it
        (
            {"src.net/build": CHOICE, **RIGHT},
            ".",
            "the architecture holds the block `src.net/build`, which no file has",
        ),
    ],
)
def test_key_that_no_file_has_is_named(architecture: object, source: str, said: str) -> None:
    result = _fixed(architecture, source, "-o", "../out/")
    assert result.exit_code == 0
    assert (result.stderr.count("NC710"), said in result.stderr) == (said != "", True)
    if "l_r" in said:
        assert "hint: did you mean `trial/lr/choice`?" in result.stderr


@pytest.mark.parametrize(("architecture", "status"), [(RIGHT, 0), (TYPO, 1), (EXTRA, 1)])
def test_strict_writes_nothing_where_there_is_a_warning(folder: Path, architecture: object, status: int) -> None:
    result = _fixed(architecture, ".", "-o", "../out/", "--strict")
    assert result.exit_code == status
    assert (folder / "out").exists() == (status == 0)
    assert ("error[NC710]" in result.stderr) == (status == 1)
    assert "warning" not in result.stderr


def test_strict_is_a_key_of_the_configuration(folder: Path) -> None:
    Path("pyproject.toml").write_text("[tool.nascompile]\nstrict = true\n")
    assert _fixed(TYPO, ".", "-o", "../out/").exit_code == 1
    assert not (folder / "out").exists()


@pytest.mark.usefixtures("folder")
def test_strict_check_fails_on_a_warning() -> None:
    Path("net.py").write_text(f"# nni.mutable_layer(x)\n{NET}")
    assert CliRunner().invoke(program, ["check", "."], obj=[]).exit_code == 0
    result = CliRunner().invoke(program, ["check", ".", "--strict", "--format", "json"], obj=[])
    assert (result.exit_code, [one["severity"] for one in json.loads(result.stderr)]) == (1, ["error"])


def _exec(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nascompile", "exec", "trial.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("architecture", "count"), [(RIGHT, 0), (TYPO, 1), (EXTRA, 1)])
def test_run_of_a_fixed_script_names_the_key(architecture: object, count: int) -> None:
    Path("net.py").write_text(NET.replace("abs(), len()", "max(), min()"))
    Path("../best.json").write_text(json.dumps(architecture).replace("len()", "min()"))
    Path("trial.py").write_text(TRIAL.replace("print(build(lr))", "print(lr)"))
    result = _exec("--mode", "fixed", "--arch", "../best.json")
    assert (result.stderr.count("warning[NC710]"), result.returncode) == (count, 0)
    result = _exec("--mode", "fixed", "--arch", "../best.json", "--strict")
    assert (result.stderr.count("error[NC710]"), result.returncode) == (count, count)
    assert bool(result.stdout) == (count == 0)


@pytest.mark.usefixtures("folder")
def test_strict_ends_a_run_where_a_module_has_a_warning() -> None:
    Path("net.py").write_text(f"# nni.mutable_layer(x)\n{NET}")
    result = _exec("--strict")
    assert result.returncode == 1
    assert "error[NC701]" in result.stderr
