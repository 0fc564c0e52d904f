"""Streams that are closed or full, Ctrl-C at any time, numbers of any size: none of it is a bug of ours."""

from __future__ import annotations

import json
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ARCHITECTURE, TRIAL, make_folder, nascompile

from nascompile import cache
from nascompile.cache import user_cache
from nascompile.compiled import Compiled, is_whole

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX is used")
SAMPLED = "# @nni.variable(nni.randint(0, 10), name=q)\nq = 3\nprint(q)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of a shell, in which `nascompile` is ours."""
    function = f'nascompile() {{ "{sys.executable}" -m nascompile "$@"; }}\n'
    return subprocess.run(
        ["sh", "-c", function + command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("nascompile trial.py >&-", 1, "Error: Bad file descriptor: <stdout>\n"),
        ("nascompile - <&-", 1, "Error: Bad file descriptor: <stdin>\n"),
        ("nascompile trial.py -o out.py 2>&-", 0, ""),
        ("nascompile trial.py -o out.py <&- >&- 2>&-", 0, ""),
        ("nascompile wrong.py 2>&-", 1, ""),
        ("nascompile wrong.py --format json 2>&-", 1, ""),
        ("nascompile --nothing 2>&-", 2, ""),
        ("nascompile explain >&-", 0, ""),
        ("nascompile explain NC101 >&-", 0, ""),
        ("nascompile trial.py --diff >&-", 1, "Error: Bad file descriptor: <stdout>\n"),
    ],
)
def test_closed_stream_is_told_where_it_is_needed(command: str, status: int, said: str) -> None:
    result = shell(command)
    assert (result.returncode, result.stderr) == (status, said)


def test_no_file_of_ours_takes_the_place_of_a_closed_stream() -> None:
    assert shell("nascompile trial.py -o out.py -v 2>&-").returncode == 0
    assert Path("out.py").read_bytes() == nascompile("trial.py").stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")
@pytest.mark.parametrize(
    "command",
    [
        "trial.py",
        "trial.py --diff",
        "--version",
        "--help",
        "explain",
        "explain NC101",
        "space trial.py",
        "check --help",
    ],
)
def test_full_output_is_told_once(command: str) -> None:
    result = shell(f"nascompile {command} >/dev/full")
    assert (result.returncode, result.stderr.splitlines()) == (1, ["Error: No space left on device"])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")
@pytest.mark.parametrize(("command", "status"), [("check wrong.py", 1), ("--nothing", 2), ("trial.py -o o.py -v", 0)])
def test_what_cannot_be_told_changes_no_status(command: str, status: int) -> None:
    assert shell(f"nascompile {command} 2>/dev/full").returncode == status
    assert shell(f"nascompile {command} --format json 2>/dev/full").returncode == status


@pytest.mark.parametrize("module", ["click", "nascompile.cli", "nascompile.build", "msgspec", "nascompile.commands"])
def test_ctrl_c_while_it_is_imported_is_told_in_a_word(module: str) -> None:
    code = f"""
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from nascompile.__main__ import main
sys.argv = ["nascompile", "trial.py", "-o", "out.py", "--no-cache"]
main()
"""
    Path("pyproject.toml").write_text("[tool.nascompile]\n")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (130, "Interrupted.\n")


def test_command_imports_nothing_before_it_can_be_interrupted() -> None:
    code = (
        "import sys; before = set(sys.modules); import nascompile.__main__; print(*sorted(set(sys.modules) - before))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    imported = set(result.stdout.split())
    assert {name for name in imported if name.startswith("nascompile")} == {"nascompile", "nascompile.__main__"}
    assert "click" not in imported


@pytest.mark.parametrize(("digits", "said"), [(400, "trial/q/randint"), (6000, "is not JSON: Exceeds the limit")])
def test_number_of_any_length_is_a_mistake_of_its_file(digits: int, said: str) -> None:
    Path("trial.py").write_text(TRIAL + SAMPLED)
    text = json.dumps({**ARCHITECTURE, "trial/q/randint": 0}).replace(": 0}", f": 1{'0' * digits}}}")
    Path("big.json").write_text(text)
    result = nascompile("trial.py", "--mode", "fixed", "--arch", "big.json")
    assert result.returncode == 1
    assert b"NC40" in result.stderr
    assert said.encode() in result.stderr
    run = shell("nascompile exec trial.py", NASCOMPILE_ARCHITECTURE="big.json")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("nascompile_runtime.architecture.ArchitectureError: ")


@pytest.mark.parametrize("text", ['{"a": {}, "a": {}}', '[{"a": {"h": {}, "h": {}}}]'])
def test_key_that_stands_twice_in_an_architecture_is_told(text: str) -> None:
    Path("twice.json").write_text(text)
    result = nascompile("trial.py", "--mode", "fixed", "--arch", "twice.json")
    assert result.returncode == 1
    assert b"stands twice in one object" in result.stderr
    run = shell("nascompile exec trial.py", NASCOMPILE_ARCHITECTURE="twice.json")
    assert run.stderr.splitlines()[-1].endswith("stands twice in one object")


def test_option_that_stands_twice_is_told() -> None:
    run = shell("nascompile exec trial.py --mode oneshot", NASCOMPILE_CONFIG='{"seed": 1, "seed": 2}')
    assert "NASCOMPILE_CONFIG: the key 'seed' stands twice in one object" in run.stderr
    assert run.returncode == 1


@pytest.mark.parametrize("value", [None, 3, "text", [], Compiled("text"), Compiled(b"", (), ())])
def test_cache_entry_of_another_type_counts_as_not_there(
    value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CACHE_DIR", str(tmp_path / "cache"))
    assert nascompile("trial.py", "-o", "out.py").returncode == 0
    expected = Path("out.py").read_bytes()
    (entry,) = (tmp_path / "cache").glob("??/*")
    data = pickle.dumps(value)
    entry.write_bytes(cache._checksum(data) + data)
    result = nascompile("trial.py", "-o", "out.py")
    assert (result.returncode, result.stderr) == (0, b"")
    assert Path("out.py").read_bytes() == expected


def test_cache_entry_that_lacks_a_field_counts_as_not_there() -> None:
    assert not is_whole(Compiled.__new__(Compiled))


def test_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NASCOMPILE_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert user_cache() is None
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert user_cache() is None


@pytest.mark.parametrize(
    ("mode", "is_used"), [(0o700, True), (0o755, True), (0o775, False), (0o757, False), (0o1777, False)]
)
def test_folder_that_others_may_write_is_no_cache(
    mode: int, is_used: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    monkeypatch.setenv("NASCOMPILE_CACHE_DIR", str(tmp_path / "cache"))
    assert (user_cache() is not None) == is_used


def test_folder_of_another_user_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("NASCOMPILE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert user_cache() is None


def test_program_of_its_owner_is_copied_as_one_of_whoever_runs_it(folder: Path) -> None:
    (folder / "src/run.sh").chmod(0o6755)
    (folder / "src/pkg/net.py").chmod(0o4750)
    (folder / "trial.py").chmod(0o4755)
    assert nascompile("src", "-o", "out").returncode == 0
    assert nascompile("trial.py", "-o", "out.py").returncode == 0
    modes = {path: stat.S_IMODE(os.stat(path).st_mode) for path in ("out/run.sh", "out/pkg/net.py", "out.py")}
    assert modes == {"out/run.sh": 0o755, "out/pkg/net.py": 0o750, "out.py": 0o755}
    assert nascompile("src", "-o", "out", "--check").returncode == 0
    assert b"unchanged  src/run.sh" in nascompile("src", "-o", "out", "-v").stderr
