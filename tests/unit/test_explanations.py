"""Every code is explained, and the examples are true: the wrong one has exactly that code, the right one has none."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from nascompile.cli import program
from nascompile.diagnostics import CATALOGUE
from nascompile.explanations import explanation_of

_BLOCK = re.compile(r"^```(\w+) (file|wrong|right|run)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


NO_WRONG_EXAMPLE = {"NC603"}
"""What nothing but a signal, or a fault of ours, can show."""


def _kinds(code: str) -> set[str]:
    return {"right"} if code in NO_WRONG_EXAMPLE else {"right", "wrong"}


@dataclass(frozen=True)
class Block:
    """A block of an example: a file by name, or command lines."""

    language: str
    kind: str
    name: str
    text: str


def _blocks(code: str) -> list[Block]:
    return [Block(*match.groups(default="")) for match in _BLOCK.finditer(explanation_of(code))]


@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for code in sorted(CATALOGUE) for kind in sorted(_kinds(code))]
)
def test_example_is_true(code: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = "nascompile check trial.py"
    for block in _blocks(code):
        if block.language == "sh" and block.kind in (kind, "run"):
            commands = block.text
        elif block.language != "sh" and block.kind in (kind, "file"):
            path = Path(block.name or "trial.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    assert _said(commands) == [code] * (kind == "wrong")


def _said(commands: str) -> list[str]:
    """Return the codes of what some command lines say."""
    codes: list[str] = []
    for command in commands.splitlines():
        name, *arguments = shlex.split(command)
        if name != "nascompile":
            subprocess.run([name, *arguments], check=True)
            continue
        result = CliRunner().invoke(program, arguments, prog_name=name, obj=[])
        codes += re.findall(r": (?:error|warning)\[(NC\d+)\]: ", result.stderr)
        codes += re.findall(r'"code": "(NC\d+)"', result.stderr)
    return codes


@pytest.mark.parametrize("code", CATALOGUE)
def test_explanation_has_the_title_and_fits_a_terminal(code: str) -> None:
    text = explanation_of(code)
    assert text.startswith(f"# {code}: {CATALOGUE[code]}\n\n")
    prose = _BLOCK.sub("", text)
    assert max(map(len, prose.splitlines())) <= 120
    assert len(prose) > 100
    assert len(text.splitlines()) < 40
    kinds = {block.kind for block in _blocks(code)}
    assert _kinds(code) <= kinds


def test_nothing_else_is_explained() -> None:
    import nascompile.explanations as explanations

    assert {path.stem for path in Path(explanations.__file__).parent.glob("*.md")} == CATALOGUE.keys()


@pytest.mark.parametrize("spelling", ["NC203", "nc203", "203"])
def test_command_line_explains_a_code(spelling: str) -> None:
    result = CliRunner().invoke(program, ["explain", spelling], obj=[])
    assert (result.exit_code, result.stdout, result.stderr) == (0, explanation_of("NC203"), "")


def test_command_line_lists_all_codes() -> None:
    result = CliRunner().invoke(program, ["explain"], obj=[])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{code}  {title}" for code, title in CATALOGUE.items()]
