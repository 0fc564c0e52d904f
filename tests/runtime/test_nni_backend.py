"""What passes between a trial and NNI, with a module that stands in for NNI's: parameters, results, the one final."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nascompile_runtime import parameters, reports
from nascompile_runtime.architecture import ArchitectureError, Choice
from nascompile_runtime.backends import nni as nni_backend
from nascompile_runtime.backends.nni import Finals, NniBackend
from nascompile_runtime.backends.standalone import StandaloneBackend
from nascompile_runtime.controllers import create_controller
from nascompile_runtime.graph import classic
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options

SPACE = LayerSpace("b", "h", ("f()", "g()"), ("x", "y"), (0, 1))
SAMPLE = {"b/h/layer_choice": "g()", "b/h/optional_inputs": '["y"]', "someone/else": 3}
ARCHITECTURE = {"b": {"h": {"chosen_layer": "g()", "chosen_inputs": ["y"]}}}


class FakeNni:
    """Answers like `nni` in a trial: one parameter, and no results of those who did not ask for it."""

    def __init__(self, parameters: Any = SAMPLE) -> None:
        self.given = parameters
        self.current: Any = None
        self.requests = 0
        self.sent: list[tuple[str, Any]] = []

    def get_current_parameter(self) -> Any:
        return self.current

    def get_next_parameter(self) -> Any:
        self.requests += 1
        self.current = self.given if self.requests == 1 else None
        return self.current

    def report_intermediate_result(self, metric: Any) -> None:
        assert self.current is not None
        self.sent.append(("intermediate", metric))

    def report_final_result(self, metric: Any) -> None:
        assert self.current is not None
        assert "final" not in dict(self.sent)
        self.sent.append(("final", metric))


class FakeEnding:
    ends_with: str | None = None

    def goes_on(self) -> None:
        self.ends_with = None

    def failure(self) -> str | None:
        return self.ends_with


def in_trial(nni: FakeNni, ending: FakeEnding | None = None) -> NniBackend:
    """Have this process be a trial of the experiment that `nni` stands for."""
    search = StandaloneBackend(create_controller("random", Options()))
    backend = NniBackend(nni, search, ending or FakeEnding())  # type: ignore[arg-type]
    parameters.trial().backend = backend
    return backend


def sub_graph() -> Any:
    return classic.sub_graph(
        "b",
        "h",
        layer_choice=[classic.candidate("f()", "h/f", lambda inputs: 0), classic.candidate("g()", "h/g", sum_of)],
        optional_inputs={"x": 1, "y": 20},
        optional_input_size=[0, 1],
    )


def sum_of(inputs: list[list[int]]) -> int:
    return sum(inputs[1])


@pytest.mark.parametrize("given", [SAMPLE, {**ARCHITECTURE, "someone/else": 3}])
def test_classic_builds_what_the_tuner_drew_and_asks_once(given: dict[str, Any]) -> None:
    nni = FakeNni(given)
    in_trial(nni)
    classic.get_next_parameter()
    assert sub_graph() == 20
    classic.get_next_parameter()
    assert sub_graph() == 20
    assert nni.requests == 1
    assert parameters.trial().architecture()["b"] == ARCHITECTURE["b"]


def test_parameters_that_the_user_took_are_not_asked_for_again() -> None:
    nni = FakeNni()
    assert nni.get_next_parameter() == SAMPLE
    in_trial(nni)
    assert sub_graph() == 20
    assert nni.requests == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"b/h/layer_choice": "h()"}, r"'b/h/layer_choice' is 'h\(\)'; it must be one of 'f\(\)', 'g\(\)'"),
        ({}, "the sample has no 'b/h/layer_choice'"),
        ({"b": {}}, "block 'b': the architecture has no layer 'h'"),
        (None, "NNI gave this trial no parameters, but None"),
    ],
)
def test_parameters_that_do_not_fit_are_an_error(given: Any, message: str) -> None:
    in_trial(FakeNni(given))
    with pytest.raises(ArchitectureError, match=message):
        sub_graph()


def test_steps_of_a_supernet_are_proposed_in_the_process_and_told_as_intermediate_results() -> None:
    nni = FakeNni({})
    backend = in_trial(nni)
    trial = parameters.trial()
    trial.register(SPACE)
    alone = StandaloneBackend(create_controller("random", Options()))
    assert trial.start.choice(SPACE) == Choice(0, ())
    for number in range(40):
        answer = trial.load(trial.next_to_load())
        assert answer.choice(SPACE) == alone.take(number).choice(SPACE)
        assert not answer.given
        trial.observe(reports.report_final(number, trial.architecture(), numbered=True))
    reports.report_intermediate({"default": 0.5, "loss": 2}, None)
    expected = [*(("intermediate", number) for number in range(40)), ("intermediate", {"default": 0.5, "loss": 2})]
    assert nni.sent == expected
    backend.finish()
    assert nni.sent[-1] == ("final", 37.5)
    assert nni.requests == 1


def test_trial_has_one_final_result_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    nni = FakeNni()
    backend = in_trial(nni)
    sub_graph()
    classic.report_intermediate_result(0.25)
    classic.report_final_result({"default": 0.5, "loss": 2.0})
    assert nni.sent == [("intermediate", 0.25)]
    backend.finish()
    assert nni.sent == [("intermediate", 0.25), ("final", {"default": 0.5, "loss": 2.0})]
    assert capsys.readouterr() == (
        "nascompile: intermediate result 1: 0.25\n"
        "nascompile: final result: 0.5 (loss 2)\n"
        "nascompile: NNI gets the final result 0.5\n",
        "",
    )


def test_of_several_final_results_of_a_trial_the_last_counts() -> None:
    nni = FakeNni()
    backend = in_trial(nni)
    for number in range(50):
        classic.report_final_result(number)
    backend.finish()
    assert nni.sent == [("final", 49)]


def test_of_the_results_of_steps_the_last_tenth_counts() -> None:
    for count, tail in [(1, 1), (2, 1), (19, 1), (20, 2), (29, 2), (1000, 100)]:
        finals = Finals()
        for number in range(count):
            finals.add(number)
        assert finals.tail == tail
        assert finals.result() == sum(range(count - tail, count)) / tail
    several = Finals()
    for number in range(20):
        several.add({"default": number, "loss": -number} | ({"late": 1} if number == 19 else {}))
    assert several.result() == {"default": 18.5, "loss": -18.5, "late": 1}


@pytest.mark.parametrize("value", [math.nan, math.inf, {"default": 0.5, "loss": math.nan}])
def test_numbers_that_json_lacks_are_not_sent_and_the_log_says_so(
    value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    nni = FakeNni()
    backend = in_trial(nni)
    reports.report_intermediate(value, None)
    reports.report_final(value, None)
    backend.finish()
    assert nni.sent == []
    first, last = capsys.readouterr().err.splitlines()
    assert first == f"nascompile: NNI is not told the intermediate result {value}: it takes finite numbers only"
    assert last == f"nascompile: NNI gets no final result: it is {value}, and NNI takes finite numbers only"


def test_trial_that_fails_or_reports_nothing_says_why_there_is_no_result(capsys: pytest.CaptureFixture[str]) -> None:
    nni, ending = FakeNni(), FakeEnding()
    backend = in_trial(nni, ending)
    backend.finish()
    reports.report_final(0.5, None)
    ending.ends_with = "ValueError"
    backend.finish()
    assert capsys.readouterr().err.splitlines() == [
        "nascompile: NNI gets no final result: the trial reported none (@nni.report_final_result)",
        "nascompile: NNI gets no final result: the trial ended with ValueError",
    ]
    assert nni.sent == []


def test_given_architecture_comes_before_nni(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text(json.dumps(ARCHITECTURE))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(tmp_path / "given.json"))
    monkeypatch.setenv("NNI_PLATFORM", "local")
    assert sub_graph() == 20
    assert not isinstance(parameters.trial().backend, NniBackend)


def test_without_an_experiment_nni_is_not_even_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NNI_PLATFORM", raising=False)
    assert nni_backend.open_backend() is None


# Trials in processes of their own, with a package in place of `nni` that notes what it gets.

STAND_IN = f"""
import json, os
_current = None

def get_current_parameter():
    return _current

def get_next_parameter():
    global _current
    _current = {SAMPLE!r}
    return _current

def _note(kind, metric):
    with open(os.environ["SENT"], "a") as file:
        file.write(json.dumps([kind, metric]) + "\\n")

def report_intermediate_result(metric):
    _note("intermediate", metric)

def report_final_result(metric):
    _note("final", metric)
"""
PROGRAM = """
import os, sys
from nascompile_runtime.graph import classic
classic.get_next_parameter()
classic.report_final_result(0.5)
"""


def run_trial(tmp_path: Path, end: str, program: str = PROGRAM, stand_in: str = STAND_IN) -> tuple[int, list[Any], str]:
    """Run a trial that ends in some way: its exit code, what NNI got, and its last line on standard error."""
    (tmp_path / "nni.py").write_text(stand_in)
    (tmp_path / "trial.py").write_text(program + end)
    sent = tmp_path / "sent"
    sent.touch()
    done = subprocess.run(
        [sys.executable, "trial.py"],
        cwd=tmp_path,
        env=os.environ | {"NNI_PLATFORM": "local", "SENT": str(sent)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in sent.read_text().splitlines()], done.stderr


@pytest.mark.parametrize(
    "end",
    [
        "",
        "sys.exit()",
        "sys.exit(0)",
        "try:\n    sys.exit(2)\nexcept SystemExit:\n    classic.report_final_result(0.5)",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass",
        "import threading\nthreading.Thread(target=lambda: None).start()",
        "if os.fork():\n    os.wait()",
    ],
)
def test_trial_that_ends_well_sends_its_result(tmp_path: Path, end: str) -> None:
    code, sent, errors = run_trial(tmp_path, end)
    assert (code, sent, errors) == (0, [["final", 0.5]], "")


@pytest.mark.parametrize(
    ("end", "code", "what"),
    [
        ("raise ValueError('bad\\nin detail')", 1, "ValueError: bad"),
        ("sys.exit(3)", 3, "sys.exit(3)"),
        ("sys.exit('bad')", 1, "sys.exit('bad')"),
        ("import signal\nos.kill(os.getpid(), signal.SIGINT)", -2, "KeyboardInterrupt"),
        ("def main():\n    return 4\nsys.exit(main())", 4, "sys.exit(4)"),
    ],
)
def test_trial_that_fails_sends_none_and_its_log_says_why(tmp_path: Path, end: str, code: int, what: str) -> None:
    returned, sent, errors = run_trial(tmp_path, end)
    assert (returned, sent) == (code, [])
    assert errors.endswith(f"nascompile: NNI gets no final result: the trial ended with {what}\n")
    assert "bad" in errors or "bad" not in end


def test_trial_that_is_killed_sends_none(tmp_path: Path) -> None:
    assert run_trial(tmp_path, "import signal\nos.kill(os.getpid(), signal.SIGTERM)") == (-15, [], "")


def test_error_of_ours_stands_in_the_log_above_the_reason(tmp_path: Path) -> None:
    program = PROGRAM + "classic.sub_graph('b', 'h', layer_choice=[classic.candidate('q()', 'h/q', len)] * 2)"
    code, sent, errors = run_trial(tmp_path, "", program)
    assert (code, sent) == (1, [])
    error, reason = errors.splitlines()[-2:]
    assert error.endswith("LayerError: layer 'h' of block 'b': candidate 'q()' occurs twice in layer_choice")
    assert reason == f"nascompile: NNI gets no final result: the trial ended with {error.rpartition('.')[2]}"


def test_trial_whose_python_lacks_nni_says_so_and_runs_alone(tmp_path: Path) -> None:
    code, sent, errors = run_trial(tmp_path, "", stand_in="raise ImportError('no such thing')")
    assert (code, sent) == (0, [])
    assert errors == (
        "nascompile: NNI_PLATFORM is set, but nni cannot be imported (no such thing): "
        "running as if there were no experiment\n"
    )
