"""The digits sample, as a user runs it: compiled by the command line, trained in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DIGITS = Path(__file__).parents[2] / "samples" / "digits"
MEDIUM = DIGITS / "architectures" / "medium.json"


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NASCOMPILE_")}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def final_accuracy(output: str) -> float:
    return float(re.search(r"final test accuracy (\d\.\d+)\n\Z", output)[1])  # type: ignore[index]


@pytest.mark.parametrize("mode", ["classic", "enas", "oneshot", "darts", "fixed"])
def test_compiled_sample_learns_in_every_mode(mode: str, tmp_path: Path) -> None:
    arch = ("--arch", str(MEDIUM)) if mode == "fixed" else ()
    compiled = tmp_path / f"{mode}_trial.py"
    run("-m", "nascompile", str(DIGITS / "trial.py"), "--mode", mode, *arch, "-o", str(compiled))
    results = tmp_path / "results.jsonl"
    environment = {"NASCOMPILE_RESULTS": str(results)}
    if mode == "classic":
        environment["NASCOMPILE_ARCHITECTURE"] = str(MEDIUM)
    done = run(str(compiled), "--steps", "200", cwd=tmp_path, **environment)
    assert re.findall(r"step +(\d+)  loss", done.stdout) == ["100", "200"]
    result = "nascompile: final result 201: " if mode == "classic" else ""  # the last report, not shown before
    trained, shown, _ = done.stdout.partition(result) if result else (done.stdout, "", "")
    assert shown == result
    assert final_accuracy(trained) > 0.6  # chance is 0.1
    if mode == "fixed":
        assert not results.exists()
        assert "nni" not in compiled.read_text().replace("nascompile", "")
        return
    records = [json.loads(line) for line in results.read_text().splitlines()]
    final = [record for record in records if record["type"] == "final"]
    assert len(final) == 201
    drawn = {json.dumps(record["architecture"]) for record in final}
    assert len(drawn) > 150 if mode == "enas" else len(drawn) == 1


def test_sample_is_plain_python_too() -> None:
    assert final_accuracy(run(str(DIGITS / "trial.py"), "--steps", "100").stdout) > 0.6


def test_architectures_beside_the_sample_fit_its_search_space() -> None:
    from nascompile.api import analyse_source
    from nascompile.search_space import check_architecture

    space = analyse_source((DIGITS / "trial.py").read_bytes(), module="samples.digits.trial").search_space
    assert space.size() == 31_104
    for path in sorted((DIGITS / "architectures").iterdir()):
        assert check_architecture(json.loads(path.read_text()), space) == []
