"""`--format json` writes one array on standard error, whatever happens, and nothing beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, make_folder, nascompile, process

from nascompile.jobs import WorkerError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


def array(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.stderr)
    assert isinstance(found, list)
    return found


def codes(result: Result) -> list[str]:
    return [entry["code"] for entry in array(result)]


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        ("trial.py -o out.py", 0, []),
        ("trial.py -o out.py -v", 0, ["NC010"]),
        ("trial.py --check", 1, ["NC009"]),
        ("trial.py --check -q", 1, []),
        ("src -o out --check", 1, ["NC009"] * 6),
        ("wrong.py -v", 1, ["NC203"]),
        ("src", 2, ["NC602"]),
        ("missing.py", 2, ["NC602"]),
        ("trial.py -o trial.py", 2, ["NC602"]),
        ("src -o src/out", 2, ["NC602"]),
        ("trial.py --mode nowhere", 2, ["NC602"]),
        ("trial.py --no-such-option", 2, ["NC602"]),
        ("chek trial.py", 2, ["NC602"]),
        ("trial.py --mode fixed", 2, ["NC403"]),
        ("trial.py --mode fixed --arch wrong.py", 1, ["NC401"]),
        ("check trial.py wrong.py", 1, ["NC203"]),
        ("space trial.py", 0, []),
        ("space trial.py --flat --stats", 2, ["NC602"]),
        ("trial.py -o /dev/null/out.py", 2, ["NC602"]),
        ("--version", 0, []),
    ],
)
def test_all_that_is_said_is_in_the_array(arguments: str, status: int, expected: list[str]) -> None:
    result = nascompile(*arguments.split(), "--format", "json")
    assert (result.returncode, codes(result)) == (status, expected)
    if not arguments.startswith(("check", "space", "chek")):
        assert codes(nascompile("--format=json", *arguments.split())) == expected


def test_what_became_of_a_file_is_a_note() -> None:
    (note,) = array(nascompile("trial.py", "-o", "out.py", "-v", "--no-cache", "--format", "json"))
    assert (note["severity"], note["file"]) == ("note", "trial.py")
    assert note["message"].startswith("compiled in ")


def test_bad_configuration_is_in_the_array() -> None:
    Path("pyproject.toml").write_text('[tool.nascompile]\nmod = "enas"\n')
    result = nascompile("trial.py", "--format", "json")
    assert (result.returncode, codes(result)) == (2, ["NC601"])


def test_unreadable_file_is_in_the_array(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("nascompile.inputs.read_file", refuse)
    (found,) = array(nascompile("trial.py", "--format", "json"))
    assert (found["code"], found["file"], found["message"]) == ("NC004", "trial.py", "Permission denied: trial.py")


def test_output_that_cannot_be_written_is_in_the_array(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "out.py")

    monkeypatch.setattr("nascompile.writing.os.replace", fail)
    result = nascompile("trial.py", "-o", "out.py", "--format", "json")
    assert (result.returncode, codes(result)) == (1, ["NC004"])


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "Interrupted."),
        (MemoryError(), 1, "there is not enough memory"),
        (WorkerError("a process died"), 1, "a process died. Nothing was written."),
        (KeyError("h"), 70, "This is a bug of nascompile. Please report it.\nKeyError: 'h'"),
    ],
)
def test_end_of_a_run_is_in_the_array(
    error: BaseException, status: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("nascompile.batch.compile_all", fail)
    result = nascompile("trial.py", "--format", "json")
    (found,) = array(result)
    assert (result.returncode, found["code"]) == (status, "NC603")
    assert found["message"].startswith(message)


def test_traceback_of_a_bug_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nascompile.batch.compile_all", lambda *_: {}["h"])
    (found,) = array(nascompile("trial.py", "-v", "--format", "json"))
    assert found["hint"].startswith("Traceback")


def test_options_of_a_script_are_its_own() -> None:
    Path("script.py").write_text("import sys\nprint(sys.argv[1:])\n")
    result = process("-m", "nascompile", "exec", "script.py", "--", "--format", "json")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"['--format', 'json']\n", b"")
    assert nascompile("missing.py", "--", "--format", "json").stderr.startswith(b"Usage:")
