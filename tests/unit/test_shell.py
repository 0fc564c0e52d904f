"""The shell of the command line: which files are meant, what would change, how much is said of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import TRIAL, WRONG, Result, everything, make_folder, nascompile, process

from nascompile import terminal


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


def test_pattern_is_compiled_like_a_folder_of_what_matches(folder: Path) -> None:
    (folder / "src/pkg/__pycache__").mkdir()
    shutil.copy(folder / "trial.py", folder / "src/pkg/__pycache__/x.py")
    assert nascompile("src/**/*.py", "--mode", "enas", "-o", "out").returncode == 0
    compiled = everything(folder / "out")
    assert list(compiled) == ["pkg", "pkg/net.py", "plain.py"]
    assert b'_nascompile.conditional("pkg.net", "h"' in (compiled["pkg/net.py"] or b"")
    assert nascompile("src/*/n?t.py", "-o", "other/").returncode == 0
    assert list(everything(folder / "other")) == ["pkg", "pkg/net.py"]


def test_file_that_is_named_like_a_pattern_is_that_file(folder: Path) -> None:
    shutil.copy(folder / "plain.py", folder / "[pt]*.py")
    assert nascompile("[pt]*.py").stdout == (folder / "plain.py").read_bytes()


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("pkg", ["empty", "link", "plain.py", "run.sh"]),
        ("*.sh", ["empty", "link", "pkg", "pkg/net.py", "plain.py"]),
        ("src/pkg/net.py", ["empty", "link", "pkg", "plain.py", "run.sh"]),
        ("./src/**/net.py", ["empty", "link", "pkg", "plain.py", "run.sh"]),
        ("pkg/net.py", ["empty", "link", "pkg", "pkg/net.py", "plain.py", "run.sh"]),
    ],
)
def test_excluded_files_stay_behind(folder: Path, pattern: str, left: list[str]) -> None:
    assert nascompile("src", "-o", "out", "--exclude", pattern).returncode == 0
    assert list(everything(folder / "out")) == left


def test_what_is_excluded_is_not_looked_at(folder: Path) -> None:
    shutil.copy(folder / "wrong.py", folder / "src/pkg")
    assert nascompile("check", "src").returncode == nascompile("check", "src/**/*.py").returncode == 1
    for source in ("src", "src/**/*.py"):
        assert nascompile("check", source, "--exclude", "wrong.py").returncode == 0
        assert nascompile("space", source, "--exclude", "pkg").stdout == b"{}\n"
    assert nascompile("check", "wrong.py", "--exclude", "wrong.py").returncode == 1  # who names it means it


# --check and --diff


def test_check_tells_what_would_be_compiled_and_writes_nothing(folder: Path) -> None:
    before = everything(folder)
    for source, changed in {"trial.py": "trial.py", "src": "src/pkg/net.py", "src/**/*.py": "src/pkg/net.py"}.items():
        result = nascompile(source, "--check")
        assert (result.returncode, result.stdout) == (1, b"")
        assert result.stderr.decode() == f"would change: {changed}\n"
    assert nascompile("plain.py", "--check").returncode == 0
    assert nascompile("trial.py", "--check", "-q") == Result(1, b"", b"")
    assert everything(folder) == before


def test_check_compares_with_what_is_there(folder: Path) -> None:
    assert nascompile("src", "-o", "out", "--check").stderr.count(b"would change: out/") == 6
    nascompile("src", "-o", "out")
    nascompile("trial.py", "-o", "out.py")
    assert nascompile("src", "-o", "out", "--check") == Result(0, b"", b"")
    assert nascompile("trial.py", "-o", "out.py", "--check") == Result(0, b"", b"")
    assert nascompile("src", "-o", "out", "--check", "--mode", "enas").stderr == b"would change: out/pkg/net.py\n"
    assert nascompile("trial.py", "-o", "out.py", "--check", "--mode", "enas").stderr == b"would change: out.py\n"
    (folder / "out/run.sh").write_text("changed")
    assert nascompile("src", "-o", "out", "--check").stderr == b"would change: out/run.sh\n"


def test_check_of_a_mistake_tells_the_mistake(folder: Path) -> None:
    result = nascompile("wrong.py", "--check")
    assert result.returncode == 1
    assert b"error[NC203]" in result.stderr


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch to apply it with")
@pytest.mark.parametrize("source", ["trial.py", "src"])
def test_diff_is_a_patch_from_source_to_output(folder: Path, source: str) -> None:
    result = nascompile(source, "--diff", "--mode", "enas")
    assert (result.returncode, result.stderr) == (0, b"")
    path = "trial.py" if source == "trial.py" else "src/pkg/net.py"
    assert result.stdout.startswith(f"--- {path}\tsource\n+++ {path}\tenas\n@@ -2,6 +2,6 @@\n".encode())
    compiled = nascompile(path, "--mode", "enas").stdout.replace(b'"net"', b'"pkg.net"')
    subprocess.run(["patch", "-s", path], input=result.stdout, cwd=folder, check=True)
    assert (folder / path).read_bytes() == compiled


def test_diff_and_check_go_together() -> None:
    result = nascompile("trial.py", "--diff", "--check")
    assert (result.returncode, result.stderr) == (1, b"would change: trial.py\n")
    assert result.stdout.startswith(b"--- trial.py")
    assert nascompile("plain.py", "--diff", "--check") == Result(0, b"", b"")


@pytest.mark.parametrize("arguments", ["src -o out", "trial.py -o trial.out", "check src", "space trial.py"])
def test_interrupted_run_says_so_and_writes_nothing(
    arguments: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nascompile.batch.compile_alone", interrupt)
    before = everything(folder)
    assert nascompile(*arguments.split()) == Result(130, b"", b"Interrupted.\n")
    assert everything(folder) == before


# --quiet and --verbose


def test_verbose_says_what_becomes_of_each_file() -> None:
    first = nascompile("src", "-o", "out", "-v")
    assert (first.returncode, first.stdout) == (0, b"")
    lines = first.stderr.decode().splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [
        ["copied", "src/link"],
        ["compiled", "src/pkg/net.py"],
        ["copied", "src/plain.py"],
        ["copied", "src/run.sh"],
    ]
    assert re.search(r" ms$", lines[1])
    assert re.fullmatch(r"1 compiled, 3 copied in \d+\.\d\d s", lines[-1])
    again = nascompile("src", "-o", "out", "--verbose").stderr.decode().splitlines()
    assert again[-1].startswith("1 compiled, 3 unchanged in ")


def test_verbose_goes_beside_the_result() -> None:
    result = nascompile("trial.py", "-v")
    assert result.stdout == nascompile("trial.py").stdout
    assert result.stderr.startswith(b"compiled   trial.py ")


def test_quiet_says_errors_and_no_warnings(folder: Path) -> None:
    (folder / "src/out.py").symlink_to("../trial.py")
    assert b"warning[NC004]" in nascompile("check", "src").stderr
    assert nascompile("check", "src", "-q").stderr == b""
    assert nascompile("src", "-o", "out", "--quiet").stderr == b""
    assert b"error[NC203]" in nascompile("wrong.py", "-q").stderr


# a terminal


needs_terminal = pytest.mark.skipif(shutil.which("script") is None, reason="no terminal to be had")
COLOURED = {
    "check wrong.py": b"\x1b[1;31merror[NC203]\x1b[0m",
    "trial.py --diff --mode enas": b"\x1b[32m+",
    "space trial.py --stats": b"\x1b[36m",
}


def at_a_terminal(arguments: str, columns: int = 120, **environment: str) -> bytes:
    """Return what a run shows at a terminal of so many columns."""
    command = ["script", "-qec", f"stty cols {columns}; {sys.executable} -m nascompile {arguments}", "/dev/null"]
    variables = {**os.environ, "TERM": "xterm", **environment}
    variables.pop("COLUMNS", None)  # test runners set it, and it goes before what the terminal says
    result = subprocess.run(
        command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    return result.stdout.replace(b"\r\n", b"\n")


@needs_terminal
@pytest.mark.parametrize(("arguments", "coloured"), COLOURED.items())
def test_a_terminal_has_colours_unless_they_are_unwanted(arguments: str, coloured: bytes) -> None:
    assert coloured in at_a_terminal(arguments)
    for unwanted in ({"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}):
        assert b"\x1b" not in at_a_terminal(arguments, **unwanted)


@pytest.mark.parametrize(("arguments", "coloured"), COLOURED.items())
def test_colours_elsewhere_are_there_if_they_are_wanted(
    arguments: str, coloured: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = process("-m", "nascompile", *arguments.split())
    assert b"\x1b" not in plain.stdout + plain.stderr
    monkeypatch.setenv("FORCE_COLOR", "1")
    forced = process("-m", "nascompile", *arguments.split())
    assert coloured in forced.stdout + forced.stderr


@needs_terminal
@pytest.mark.parametrize("columns", [24, 40, 60, 100])
@pytest.mark.parametrize("elsewhere", ["", " > out.py"])
def test_excerpts_fit_the_terminal(columns: int, elsewhere: str) -> None:
    shown = at_a_terminal(f"wrong.py{elsewhere}", columns, NO_COLOR="1").decode()
    _, line, carets, _ = shown.splitlines()
    assert max(len(line), len(carets)) <= columns
    underlined = line[carets.index("^") : len(carets)]
    assert underlined == ("layer_ouput" if columns > 24 else "layer_ouput"[: len(underlined)])
    assert len(underlined) > 6


@needs_terminal
@pytest.mark.parametrize(
    "arguments",
    ["check {}", "{}", "{} --diff", "{} --check", "{} -o out/ -v", "{} -o {}", "space {} --stats", "a.py/{} -o out/"],
)
def test_name_of_a_file_does_nothing_to_a_terminal(folder: Path, arguments: str) -> None:
    name = "it\x1b[2J\u202e.py"
    for content in (WRONG, TRIAL.replace("size=3", "size='\x1b[2J\u202e'")):
        (folder / name).write_text(content)
        shown = at_a_terminal(arguments.replace("{}", f"'{name}'"), NO_COLOR="1")
        assert not {"\x1b", "\u202e"} & {*shown.decode()}


@pytest.mark.parametrize("is_terminal", [False, True])
def test_progress_of_a_long_run_is_shown_at_a_terminal_alone(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    monkeypatch.setattr(terminal, "_LONG_RUN", 0)
    with terminal.progress() as told:
        assert (told is not None) is is_terminal
        if told is not None:
            for done in range(1, 4):
                told(done, 3)
    assert ("compiling" in capsys.readouterr().err) is is_terminal
    with terminal.progress(wanted=False) as told:
        assert told is None
