"""Bugs of our own: a sentence, the file and what happened, a status, and the traceback for who asks for it."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest
from command_line import TRIAL, everything, make_folder, nascompile, process

from nascompile import api, build
from nascompile import jobs as jobs_module
from nascompile.api import analyse_source
from nascompile.diagnostics import CompilerBug
from nascompile.passes import check, keys

BUG = "This is a bug of nascompile, and nothing was written. Please report it with the file.\n"
MORE = "--verbose shows the traceback.\n"
COMMANDS = [["check", "trial.py"], ["space", "trial.py"], ["exec", "trial.py"]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


@pytest.fixture
def broken_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass that fails, as if nobody had expected a file with annotations."""
    monkeypatch.setattr(check, "check_annotations", lambda *_: {}["h"])


@pytest.mark.usefixtures("broken_pass")
def test_failure_of_a_pass_is_told_in_two_lines(folder: Path) -> None:
    before = everything(folder)
    result = nascompile("trial.py", "-o", "out.py")
    sentence, what, more = result.stderr.decode().splitlines(keepends=True)
    assert (result.returncode, result.stdout, sentence, more) == (70, b"", BUG, MORE)
    name, number = what.removeprefix("trial.py: KeyError: 'h' (nascompile/").removesuffix(")\n").split(":")
    assert name == "api.py"
    assert "check_annotations(" in Path(api.__file__).read_text().splitlines()[int(number) - 1]
    assert everything(folder) == before


@pytest.mark.usefixtures("broken_pass")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_command_tells_it(command: list[str]) -> None:
    result = nascompile(*command)
    assert (result.returncode, result.stdout) == (70, b"")
    assert result.stderr.decode().startswith(f"{BUG}trial.py: KeyError: 'h' (")
    assert b"Traceback" not in result.stderr


@pytest.mark.usefixtures("broken_pass")
def test_traceback_is_for_who_asks_for_it() -> None:
    said = nascompile("trial.py", "-v").stderr.decode()
    assert said.startswith(BUG)
    assert MORE not in said
    assert "Traceback (most recent call last):" in said
    assert "in _parse" in said


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_file_among_several_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: str) -> None:
    def fail(annotations: object, module: str) -> object:
        return assign(annotations, module) if module != "pkg.other" else {}["h"]  # type: ignore[arg-type]

    assign = keys.assign_keys
    monkeypatch.setattr(keys, "assign_keys", fail)
    # Copies of this process have what is set here, whatever threads another test has left running.
    monkeypatch.setattr(jobs_module, "_context", lambda: multiprocessing.get_context("fork"))
    (folder / "src/pkg/other.py").write_text(TRIAL)
    result = nascompile("src", "-o", "out", "--jobs", jobs)
    assert result.returncode == 70
    assert result.stderr.decode().startswith(f"{BUG}{os.path.join('src', 'pkg/other.py')}: KeyError: 'h' (")
    assert not (folder / "out").exists()
    assert b"in fail" in nascompile("src", "-o", "out", "--jobs", jobs, "-v").stderr


def test_inconsistency_of_ours_is_told_alike(folder: Path) -> None:
    code = """
from nascompile import api, cli
from nascompile.diagnostics import CompilerBug
def fail(*_, **__):
    raise CompilerBug("the sky fell")
api._compile = fail
cli.main()
"""
    result = process("-c", code, "trial.py", "-o", "out.py")
    assert result.returncode == 70
    assert result.stderr.decode().startswith(f"{BUG}trial.py: the sky fell (nascompile/api.py:")
    assert result.stderr.decode().endswith(MORE)
    assert not (folder / "out.py").exists()


def test_bug_outside_of_a_file_promises_nothing_of_what_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "write_output", lambda *_: {}["out"])
    result = nascompile("trial.py", "-o", "out.py")
    sentence, what, more = result.stderr.decode().splitlines(keepends=True)
    assert (result.returncode, sentence, more) == (70, "This is a bug of nascompile. Please report it.\n", MORE)
    assert what.startswith("KeyError: 'out' (nascompile/build.py:")


@pytest.mark.parametrize("text", ["", "a\x1b[31m\nb" * 100])
def test_exception_of_any_text_takes_one_line(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    def fail(*_: object) -> None:
        raise ValueError(text)

    monkeypatch.setattr(check, "check_annotations", fail)
    for verbose in ([], ["-v"]):
        said = nascompile("trial.py", *verbose).stderr.decode().splitlines()
        assert said[1].startswith("trial.py: ValueError")
        assert len(said[1]) < 300
        assert all(map(str.isprintable, said))


def test_api_raises_it_with_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check_annotations", lambda *_: {}["h"])
    with pytest.raises(CompilerBug, match=r"trial\.py: KeyError: 'h'") as caught:
        analyse_source(TRIAL.encode(), path="trial.py")
    assert isinstance(caught.value.__cause__, KeyError)


def test_want_of_memory_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(check, "check_annotations", fail)
    result = nascompile("trial.py")
    assert (result.returncode, result.stderr) == (1, b"Error: there is not enough memory\n")
