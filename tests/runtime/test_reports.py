"""Reports: the line a person reads, and the line a program reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nascompile_runtime import parameters, reports
from nascompile_runtime.graph import classic

ARCHITECTURE = {"b": {"h": {"chosen_layer": "f()", "chosen_inputs": []}}}


def test_reports_are_readable_lines(capsys: pytest.CaptureFixture[str]) -> None:
    reports.report_intermediate(0.5, None)
    reports.report_intermediate(0.931234567, None)
    assert reports.report_final(0.9412, None) == 0.9412
    assert capsys.readouterr().out.splitlines() == [
        "nascompile: intermediate result 1: 0.5",
        "nascompile: intermediate result 2: 0.931235",
        "nascompile: final result: 0.9412",
    ]


def test_final_results_of_steps_are_numbered(capsys: pytest.CaptureFixture[str]) -> None:
    for value in (1, 2):
        reports.report_final(value, None, numbered=True)
    assert capsys.readouterr().out == "nascompile: final result 1: 1\nnascompile: final result 2: 2\n"


def test_of_many_final_results_round_ones_are_shown_with_the_mean(capsys: pytest.CaptureFixture[str]) -> None:
    for value in range(1, 131):
        reports.report_final(value, None, numbered=True)
    lines = capsys.readouterr().out.splitlines()
    shown = [int(re.search(r"result (\d+):", line)[1]) for line in lines]  # type: ignore[index]
    assert shown == [*range(1, 10), *range(10, 101, 10)]
    assert lines[0] == "nascompile: final result 1: 1"
    assert lines[-1] == "nascompile: final result 100: 100 (mean of the last 10: 95.5)"


def test_last_result_of_a_trial_is_shown_when_the_process_ends() -> None:
    code = """
from nascompile_runtime import reports
for value in range({count}):
    reports.report_final(value, None, numbered={numbered})
print("done")
"""
    endings = {}
    for count, numbered in ((12, False), (20, False), (12, True), (0, False)):
        command = [sys.executable, "-c", code.format(count=count, numbered=numbered)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        endings[count, numbered] = done.stdout.partition("done\n")[2]
    assert endings == {
        (12, False): "nascompile: final result 12: 11 (mean of the last 2: 10.5)\n",
        (20, False): "",
        (12, True): "",
        (0, False): "",
    }


def test_results_file_gets_a_line_of_json_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text("a line of before\n")
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(path))
    reports.report_intermediate(np.float32(0.5), None)
    reports.report_final({"default": 0.75, "loss": np.array(2)}, ARCHITECTURE)
    before, *lines = path.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    times = [record.pop("time") for record in records]
    assert before == "a line of before"
    assert records == [
        {"type": "intermediate", "sequence": 1, "value": 0.5, "architecture": None},
        {"type": "final", "sequence": 1, "value": {"default": 0.75, "loss": 2}, "architecture": ARCHITECTURE},
    ]
    assert times == sorted(times)
    assert capsys.readouterr().out.endswith("nascompile: final result: 0.75 (loss 2)\n")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), np.float64("nan")])
def test_what_is_not_finite_is_shown_and_stays_valid_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], value: Any
) -> None:
    path = tmp_path / "results.jsonl"
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(path))
    assert repr(reports.report_final(value, None)) == repr(float(value))
    assert capsys.readouterr().out == f"nascompile: final result: {float(value)}\n"

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    assert json.loads(path.read_text(), parse_constant=refuse)["value"] is None


@pytest.mark.parametrize(
    ("metric", "number"),
    [
        (3, 3.0),
        (np.int64(3), 3.0),
        (np.float16(0.5), 0.5),
        (np.array(0.25), 0.25),
        (Fraction(1, 4), 0.25),
        ({"default": np.float32(0.25), "other": 1}, 0.25),
    ],
)
def test_metric_may_be_any_single_number(metric: Any, number: float, capsys: pytest.CaptureFixture[str]) -> None:
    assert reports.report_final(metric, None) == number


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (None, "a metric is a number, not NoneType None"),
        ("0.9", "a metric is a number, not str '0.9'"),
        (True, "a metric is a number, not bool True"),
        (np.bool_(True), "a metric is a number, not bool"),
        (np.array([0.9]), "a metric is a number, not ndarray array([0.9])"),
        (1j, "a metric is a number, not complex 1j"),
        (Decimal("0.9"), "a metric is a number, not Decimal Decimal('0.9')"),
        ({}, 'a metric that is a dictionary needs the key "default"; it has (nothing)'),
        ({"accuracy": 0.9}, "a metric that is a dictionary needs the key \"default\"; it has 'accuracy'"),
        ({"default": "0.9"}, "the metric 'default' is a number, not str '0.9'"),
        ({"default": 0.9, "matrix": [1]}, "the metric 'matrix' is a number, not list [1]"),
    ],
)
def test_metric_that_is_no_number_is_an_error(metric: Any, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        reports.report_final(metric, None)
    assert capsys.readouterr().out == ""


def test_tensor_of_a_graph_is_an_error_with_a_hint(graph: Any) -> None:
    import tensorflow as tf

    with pytest.raises(TypeError, match=r"report what session\.run gives for it"):
        reports.report_final(tf.constant(1.0), None)


def test_eager_tensor_is_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    import tensorflow as tf

    with tf.init_scope():
        assert reports.report_final(tf.constant(0.5), None) == 0.5


def test_results_file_that_cannot_be_written_is_an_error_with_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "no" / "results.jsonl"))
    with pytest.raises(OSError, match=r"NASCOMPILE_RESULTS: cannot write: .*results\.jsonl"):
        reports.report_final(1.0, None)


def test_results_file_that_cannot_be_written_is_an_error_at_the_first_layer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "no" / "results.jsonl"))
    parameters.reset()
    with pytest.raises(OSError, match=r"NASCOMPILE_RESULTS: cannot write: .*results\.jsonl"):
        classic.sub_graph("b", "h", layer_choice=[classic.candidate("f()", "h/f", lambda inputs: 1)])
