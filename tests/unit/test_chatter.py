"""What TensorFlow says while it is imported is left out as far as TF_CPP_MIN_LOG_LEVEL asks, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nascompile.chatter import LEVEL, is_left_out

PREFACE = "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR"
MESSAGES = {kind: f"{kind}0000 00:00:1795545232.442686   27562 port.cc:153] oneDNN is on." for kind in "IWEF"}
OTHERS = ["I0000 of these", "INFO: mine", "tensorflow/port.cc:153] an older form", "caf\u00e9 \x1b[0m"]
SAID = [PREFACE, *MESSAGES.values(), *OTHERS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a package that is called tensorflow, and has much to say while it is imported."""
    package = tmp_path / "installed/tensorflow"
    package.mkdir(parents=True)
    loop = f"for line in {SAID!r}:\n    os.write(2, f'{{line}}\\n'.encode())\n"
    (package / "__init__.py").write_text(f"import os\n{loop}")
    (tmp_path / "trial.py").write_text("import tensorflow\n# @nni.get_next_parameter()\n")
    return tmp_path


def run(folder: Path, level: str | None, *command: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != LEVEL}
    environment |= {"PYTHONPATH": "installed"} | ({} if level is None else {LEVEL: level})
    command = command or ("-m", "nascompile", "exec", "trial.py")
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("level", "left"),
    [
        (None, [PREFACE, *"IWEF"]),
        ("0", [PREFACE, *"IWEF"]),
        ("loud", [PREFACE, *"IWEF"]),
        ("1", [*"WEF"]),
        ("2", [*"EF"]),
        ("3", [*"F"]),
    ],
)
def test_messages_below_the_level_are_left_out(folder: Path, level: str | None, left: list[str]) -> None:
    result = run(folder, level)
    said = [MESSAGES.get(one, one) for one in left]
    assert result.stderr.decode().splitlines() == said + OTHERS
    assert (result.returncode, result.stdout) == (0, b"")


def test_level_may_be_set_by_the_script(folder: Path) -> None:
    (folder / "trial.py").write_text(f"import os\nos.environ['{LEVEL}'] = '3'\nimport tensorflow\n")
    assert MESSAGES["I"].encode() not in run(folder, None).stderr


def test_what_is_said_later_is_not_listened_to(folder: Path) -> None:
    more = f"import os, sys\nos.write(2, b'{MESSAGES['I']}')\nsys.exit(3)\n"
    with open(folder / "trial.py", "a") as file:
        file.write(more)
    result = run(folder, "3")
    assert (result.returncode, result.stderr.decode().splitlines()[-1]) == (3, MESSAGES["I"])


def test_last_words_of_an_import_that_ends_the_process_are_heard(folder: Path) -> None:
    with open(folder / "installed/tensorflow/__init__.py", "a") as file:
        file.write("os.write(2, b'This processor lacks AVX.')\nos.abort()\n")
    result = run(folder, "3")
    assert result.returncode != 0
    assert result.stderr.decode().splitlines() == [MESSAGES["F"], *OTHERS, "This processor lacks AVX."]


def test_error_of_the_import_is_told_after_what_was_said(folder: Path) -> None:
    with open(folder / "installed/tensorflow/__init__.py", "a") as file:
        file.write("import missing_part\n")
    said = run(folder, "3").stderr.decode().splitlines()
    assert said[: 1 + len(OTHERS)] == [MESSAGES["F"], *OTHERS]
    assert said[-1] == "ModuleNotFoundError: No module named 'missing_part'"


def test_process_that_goes_on_behind_the_import_does_not_keep_it(folder: Path) -> None:
    """It holds the filter's end open; the filter stays until it ends, and what it says is heard."""
    late = """
import os, time
ends = time.monotonic() + 90  # by then the test has failed
while not os.path.exists("went on") and time.monotonic() < ends:
    time.sleep(0.05)
os.write(2, b"late")
"""
    with open(folder / "installed/tensorflow/__init__.py", "a") as file:
        file.write(f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {late!r}])\n")
    with open(folder / "trial.py", "a") as file:
        file.write("open('went on', 'x')\n")
    result = run(folder, "3")
    assert result.returncode == 0
    assert result.stderr.endswith(b"late")


def test_closed_standard_error_is_no_trouble(folder: Path) -> None:
    command = [sys.executable, "-m", "nascompile", "exec", "trial.py"]
    program = f"import os; os.close(2); os.execv({sys.executable!r}, {command!r})"
    assert run(folder, "3", "-c", program).returncode != 0  # for the package's own writes
    (folder / "installed/tensorflow/__init__.py").write_text("")
    assert run(folder, "3", "-c", program).returncode == 0


@pytest.mark.parametrize("line", [*OTHERS, MESSAGES["F"]])
def test_what_is_no_message_of_a_level_is_never_left_out(line: str) -> None:
    assert not is_left_out(line.encode(), 3)
