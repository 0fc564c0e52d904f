"""What users get wrong, and what they are told: the cases of tests/golden/errors.

    tests/golden/errors/<case>/input.py             a file with mistakes, as module `input`
                              /architecture.json    for mode fixed, where it is the architecture that does not fit
                              /errors.txt           what is said about it

A file that is right in the other modes is one that mode fixed cannot write. Add a case as a folder with an input.py and
let `--update-golden` write the rest; then read it: the line, the column, the words.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from golden_cases import GOLDEN, MODES, check_golden

from nascompile.api import Compiled, analyse_source, compile_source
from nascompile.cli import program
from nascompile.diagnostics import CATALOGUE, Diagnostic, render_text
from nascompile.lines import Lines

WRONG_USAGE = {"NC403"}
TRANSCRIPT = GOLDEN / "command_lines/transcript.txt"


@dataclass(frozen=True)
class ErrorCase:
    """A folder of tests/golden/errors."""

    folder: Path

    @property
    def input(self) -> bytes:
        """The file with mistakes."""
        return (self.folder / "input.py").read_bytes()

    @property
    def architecture(self) -> Any:
        """The architecture of mode fixed, if there is one."""
        path = self.folder / "architecture.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def compiled(self, mode: str) -> Compiled:
        """What becomes of the file in a mode."""
        return _compiled(self, mode)

    def is_of_fixed(self) -> bool:
        """Whether mode fixed alone finds something wrong."""
        return self.compiled("classic").ok

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is said about the file."""
        return self.compiled("fixed" if self.is_of_fixed() else "classic").diagnostics

    def __str__(self) -> str:
        return self.folder.name


@cache
def _compiled(case: ErrorCase, mode: str) -> Compiled:
    architecture = case.architecture if mode == "fixed" else None
    return compile_source(case.input, path="input.py", module="input", mode=mode, architecture=architecture)


CASES = [ErrorCase(path.parent) for path in sorted(GOLDEN.glob("errors/*/input.py"))]
each_case = pytest.mark.parametrize("case", CASES, ids=str)


@each_case
def test_what_is_said_is_golden(case: ErrorCase, update_golden: bool) -> None:
    text = "".join(f"{render_text(diagnostic)}\n" for diagnostic in case.diagnostics())
    check_golden(case.folder / "errors.txt", text.encode(), update_golden)


@each_case
def test_mistake_is_an_error_with_a_place_in_the_file(case: ErrorCase) -> None:
    assert case.diagnostics()
    lines = Lines(case.input.decode("utf-8-sig", "replace"))
    for diagnostic in case.diagnostics():
        span = diagnostic.span
        assert diagnostic.is_error
        assert span is not None
        assert (span.line, span.column) < (span.end_line, span.end_column)
        assert span.end_line <= len(lines)
        assert span.column <= len(lines.line(span.line)) + 1
        assert diagnostic.line_text == lines.line(span.line)


@each_case
def test_all_modes_say_the_same_about_an_annotation(case: ErrorCase) -> None:
    found = analyse_source(case.input, path="input.py", module="input")
    if found.diagnostics:
        assert not found.ok
        said = {mode: case.compiled(mode).diagnostics for mode in MODES}
        assert said == dict.fromkeys(MODES, found.diagnostics)
    else:
        assert case.compiled("enas").diagnostics == case.compiled("classic").diagnostics
        assert case.compiled("oneshot").diagnostics == case.compiled("classic").diagnostics


@each_case
def test_nothing_is_written_and_the_exit_status_tells(
    case: ErrorCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "input.py").write_bytes(case.input)
    arguments = ["input.py", "-o", "output.py", "--mode", "fixed" if case.is_of_fixed() else "classic"]
    if case.architecture is not None:
        (tmp_path / "architecture.json").write_text(json.dumps(case.architecture), encoding="utf-8")
        arguments += ["--arch", "architecture.json"]
    before = sorted(tmp_path.iterdir())
    result = CliRunner().invoke(program, arguments, prog_name="nascompile", obj=[])
    assert isinstance(result.exception, SystemExit)
    assert result.stdout_bytes == b""
    assert result.stderr_bytes == (case.folder / "errors.txt").read_bytes()
    assert result.exit_code == (2 if {one.code for one in case.diagnostics()} <= WRONG_USAGE else 1)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "input.py").read_bytes() == case.input


@pytest.mark.parametrize("case", [one for one in CASES if b"\r" not in one.input and not one.is_of_fixed()], ids=str)
def test_caret_stands_under_the_token_however_the_lines_end(case: ErrorCase) -> None:
    data = case.input
    for newline in (b"\r\n", b"\r"):
        other = compile_source(data.replace(b"\n", newline), path="input.py", module="input")
        assert other.diagnostics == case.diagnostics()


def test_every_code_of_the_catalogue_is_said_somewhere() -> None:
    said = {diagnostic.code for case in CASES for diagnostic in case.diagnostics()}
    for path in (TRANSCRIPT, *GOLDEN.glob("**/warnings.txt")):
        said.update(re.findall(r"(?:error|warning)\[(NC\d+)\]", path.read_text(encoding="utf-8")))
    said |= {"NC716", "NC717"}  # of mode fixed, which has a result all the same: test_older_architectures
    # of `space`, which has a result all the same, and of mode fixed: test_golden_warnings, test_unknown_keys
    said |= {"NC705", "NC707", "NC710"}
    said |= {"NC006", "NC007", "NC008"}  # of files that are no text of Python: test_notebooks
    said |= {"NC009", "NC010", "NC602", "NC603"}  # of the command line, in JSON: test_one_array
    assert said == CATALOGUE.keys()


def test_messages_speak_of_the_users_code_and_never_of_ours() -> None:
    ours = re.compile(r"libcst|\bcst\b|\bast\b|payload|suite|node|token|site|traceback|None is", re.IGNORECASE)
    for case in CASES:
        for diagnostic in case.diagnostics():
            said = f"{diagnostic.message} {diagnostic.hint or ''}"
            assert not ours.search(said), said
            assert "\n" not in said
            assert said[0] == said[0].lower()
            assert not diagnostic.message.endswith(".")
