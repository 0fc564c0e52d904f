"""The option `checkpoint`: a search goes on in the next trial, nothing is lost, and what does not fit is an error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from searches import space

from nascompile_runtime import parameters
from nascompile_runtime.backends import checkpoint
from nascompile_runtime.backends.checkpoint import Checkpoint, CheckpointError
from nascompile_runtime.backends.standalone import StandaloneBackend, open_backend
from nascompile_runtime.controllers import create_controller
from nascompile_runtime.options import Options

WHERE = space(1000, 3, 0, 3)

TRIAL = """
    import json, os, sys
    from nascompile_runtime.graph import classic
    from nascompile_runtime.reports import trial

    def h():
        candidates = [classic.candidate(f"f{i}", f"h/f{i}", lambda inputs, i=i: i) for i in range(50)]
        return classic.sub_graph("b", "h", layer_choice=candidates)
"""


def options(path: Path, **others: Any) -> Options:
    return Options(**{"controller": "evolution", "population_size": 3, "checkpoint": str(path), **others})


def backend(given: Options) -> StandaloneBackend:
    return StandaloneBackend(create_controller(given.controller, given), Checkpoint(given))


def steps(search: StandaloneBackend, requests: range) -> list[Any]:
    """Proposals of a supernet's steps, each with a reward that depends on nothing else."""
    proposed = []
    for request in requests:
        proposed.append(search.take(request).architecture([WHERE]))
        search.observe(proposed[-1], len(json.dumps(proposed[-1])) % 7)
    return proposed


def run(program: str, path: Path, check: bool = True, **others: Any) -> subprocess.CompletedProcess[str]:
    """Run a trial in classic mode, in a process of its own."""
    config = {"controller": "evolution", "population_size": 3, "checkpoint": str(path), **others}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TRIAL) + textwrap.dedent(program)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NASCOMPILE_CONFIG": json.dumps(config)},
        capture_output=True,
        text=True,
        check=check,
    )


@pytest.mark.parametrize("controller", ["random", "evolution", "reinforce"])
def test_search_goes_on_as_if_it_had_not_been_interrupted(controller: str, tmp_path: Path) -> None:
    whole = steps(backend(options(tmp_path / "whole.json", controller=controller)), range(20))
    given = options(tmp_path / "parts.json", controller=controller)
    parts = []
    for number in (3, 7, 1, 9):
        search = backend(given)
        parts += steps(search, range(search.first_request, search.first_request + number))
        search._checkpoint.save(search._controller, search._progress, now=True)  # type: ignore[union-attr]
    assert parts == whole


def test_file_is_readable_json_with_the_counts(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    search = backend(options(path))
    for request, reward in enumerate([0.5, float("nan"), 0.25]):
        search.observe(search.take(request).architecture([WHERE]), reward)
    search._checkpoint.save(search._controller, search._progress, now=True)  # type: ignore[union-attr]
    saved = json.loads(path.read_text())
    assert [member["reward"] for member in saved.pop("state")["population"]] == [0.5, 0.25]
    assert saved == {
        "controller": "evolution",
        "optimize_mode": "maximize",
        "requests": 3,
        "rewards": 3,
        "not_finite": 1,
    }


def test_writes_are_seconds_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, written = [100.0], []
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(checkpoint, "_replace", lambda path, content: written.append(json.loads(content)["requests"]))
    search = backend(options(tmp_path / "search.json"))
    for request in range(12):
        search.take(request)
        now[0] += 1.0
    assert written == [1, 6, 11]


def test_final_result_of_a_trial_is_its_last_one(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    for value in (0.25, 0.75):
        run(f"h(); classic.report_final_result(0.9); classic.report_final_result({value})", path)
    saved = json.loads(path.read_text())
    assert [member["reward"] for member in saved["state"]["population"]] == [0.25, 0.75]
    assert (saved["requests"], saved["rewards"]) == (2, 2)


def test_repeated_trials_are_a_search(tmp_path: Path) -> None:
    """Without a checkpoint each would build the same."""
    path = tmp_path / "search.json"
    program = "value = h(); print(value); classic.report_final_result(value)"
    built = [int(run(program, path, optimize_mode="minimize").stdout.split()[0]) for _ in range(6)]
    population = json.loads(path.read_text())["state"]["population"]
    assert [-member["reward"] for member in population] == built[-3:]
    assert len(set(built)) > 3


def test_several_architectures_of_a_process_have_a_result_each(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    run("for i in range(3): classic.get_next_parameter(); h(); classic.report_final_result(i / 4)", path)
    assert [member["reward"] for member in json.loads(path.read_text())["state"]["population"]] == [0.0, 0.25, 0.5]


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        ("raise ValueError('diverged')", "it ended with ValueError: diverged"),
        ("sys.exit(3)", "it ended with sys.exit(3)"),
    ],
)
def test_trial_that_fails_counts_as_a_request_without_a_result(tmp_path: Path, ending: str, why: str) -> None:
    path = tmp_path / "search.json"
    done = run(f"h(); classic.report_final_result(0.9); {ending}", path, check=False)
    assert f"nascompile: {path}: the search gets no final result of this trial: {why}\n" in done.stderr
    saved = json.loads(path.read_text())
    assert (saved["requests"], saved["rewards"], saved["state"]["population"]) == (1, 0, [])


def test_trial_that_reports_nothing_is_told_so(tmp_path: Path) -> None:
    done = run("h()", tmp_path / "search.json")
    assert done.stderr.endswith("no final result of this trial: it reported none (@nni.report_final_result)\n")


def test_trial_that_is_killed_is_not_run_again(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    program = f"print(h(), flush=True); os.kill(os.getpid(), {signal.SIGKILL.value})"
    assert run(program, path, check=False).stdout != run(program, path, check=False).stdout
    assert json.loads(path.read_text())["requests"] == 2


def test_fork_leaves_the_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "search.json"
    program = """
        h(); classic.report_final_result(0.5)
        child = os.fork()
        if not child:
            classic.report_final_result(0.0)
            sys.exit()
        os.waitpid(child, 0)
        assert json.load(open(os.environ["CHECKPOINT"]))["rewards"] == 0
    """
    monkeypatch.setenv("CHECKPOINT", str(path))
    run(program, path)
    assert [member["reward"] for member in json.loads(path.read_text())["state"]["population"]] == [0.5]


def test_rewards_that_are_not_finite_are_counted_once(tmp_path: Path) -> None:
    program = """
        for reward in (0.5, float("nan"), 0.25, float("inf"), 0.75):
            trial().take_next()
            trial().observe(reward)
    """
    done = run(program, tmp_path / "search.json", checkpoint="")
    assert done.stderr == "nascompile: 2 of 5 rewards were not finite; the controller learnt nothing from them\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "this is no checkpoint of a search .Input data was truncated.; move it away, or name another file"),
        ("{", "this is no checkpoint of a search"),
        ("[1]", "this is no checkpoint of a search .Expected `object`, got `array`."),
        ('{"score": 1}', "no checkpoint of a search .Object contains unknown field `score`."),
        (
            '{"controller": "random", "optimize_mode": "maximize", "requests": 1, "rewards": 1, "not_finite": 0, '
            '"state": {}}',
            "has controller 'random', and the options say 'evolution'; go on with 'random', or give .* another file",
        ),
        (
            '{"controller": "evolution", "optimize_mode": "minimize", "requests": 1, "rewards": 1, "not_finite": 0, '
            '"state": {}}',
            "has optimize_mode 'minimize', and the options say 'maximize'",
        ),
        (
            '{"controller": "evolution", "optimize_mode": "maximize", "requests": 1, "rewards": 1, "not_finite": 0, '
            '"state": {"seed": "x"}}',
            r"this is no checkpoint of a search .Expected `int`, got `str` - at `\$.seed`.",
        ),
    ],
)
def test_file_that_does_not_fit_is_an_error_and_stays(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "search.json"
    path.write_text(content)
    with pytest.raises(CheckpointError, match=f"^{path}: .*{message}"):
        backend(options(path))
    assert path.read_text() == content


def test_place_that_cannot_be_written_is_an_error_at_the_first_request(tmp_path: Path) -> None:
    search = backend(options(tmp_path / "missing" / "search.json"))
    with pytest.raises(CheckpointError, match=r"search\.json: cannot write the checkpoint: No such file or directory"):
        search.take(0)


def test_folder_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot read the checkpoint: Is a directory"):
        backend(options(tmp_path))


def test_place_that_can_no_longer_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkpoint, "_PERIOD", 0.0)
    path = tmp_path / "search.json"
    search = backend(options(path))
    search.take(0)
    before = path.read_text()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint.os, "replace", full)
        search.take(1)
        search.take(2)
    warning = f"nascompile: {path}: cannot write the checkpoint: No space left on device; the file stays as it was\n"
    assert capsys.readouterr().err == warning
    assert path.read_text() == before
    assert sorted(os.listdir(tmp_path)) == ["search.json", "search.json.lock"]
    search.take(3)
    assert json.loads(path.read_text())["requests"] == 4


def test_file_is_found_again_when_the_trial_changes_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"checkpoint": "search.json"}')
    search = open_backend()
    monkeypatch.chdir(tmp_path / "elsewhere")
    search.take(0)
    assert (tmp_path / "search.json").exists()


def test_requests_of_earlier_trials_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"checkpoint": str(tmp_path / "search.json")}))
    taken = []
    for number in (1, 2, 3):
        parameters.reset()
        taken.append(parameters.trial().take_next().architecture([WHERE]))
        assert parameters.trial().requests == number
    assert taken[0] != taken[1] != taken[2] != taken[0]


def test_given_architecture_leaves_the_checkpoint_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "given.json"
    given.write_text(json.dumps(steps(backend(options(tmp_path / "other.json")), range(1))[0]))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(given))
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"checkpoint": str(tmp_path / "search.json")}))
    parameters.trial().register(WHERE)
    parameters.trial().load(parameters.trial().take_next())
    parameters.trial().observe(0.5)
    assert not (tmp_path / "search.json").exists()


def test_supernet_goes_on_with_the_search_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf
    from supernet import layer

    from nascompile_runtime.graph import enas

    path = tmp_path / "search.json"
    config = {"controller": "reinforce", "learning_rate": 0.2, "warmup_steps": 0, "checkpoint": str(path)}
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps(config))
    monkeypatch.setattr(checkpoint, "_PERIOD", 0.0)
    results: list[float] = []
    for _ in range(3):
        parameters.reset()
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            output = layer({"one": lambda inputs: tf.constant(1.0), "two": lambda inputs: tf.constant(2.0)})
            for _ in range(20):
                enas.get_next_parameter(session)
                results.append(float(session.run(output)))
                enas.report_final_result(results[-1])
    saved = json.loads(path.read_text())
    assert (saved["requests"], saved["rewards"]) == (60, 60)
    assert set(results[:20]) == {1.0, 2.0}
    assert results[-20:].count(2.0) >= 19


def test_of_two_trials_at_once_one_is_refused_and_none_loses_a_result(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    held = """
        h()
        print(os.getpid(), flush=True)
        sys.stdin.readline()
        classic.report_final_result(1)
    """
    config = {"controller": "evolution", "population_size": 3, "checkpoint": str(path)}
    first = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(TRIAL) + textwrap.dedent(held)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NASCOMPILE_CONFIG": json.dumps(config)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdin is not None
        assert first.stdout is not None
        process = first.stdout.readline().strip()
        second = run("h()", path, check=False)
        assert second.returncode == 1
        assert f"search.json: another process ({process}) goes on with this search; run one trial" in second.stderr
        first.communicate("go on\n")
    run("h(); classic.report_final_result(2)", path)
    saved = json.loads(path.read_text())
    assert (saved["requests"], saved["rewards"]) == (2, 2)
    assert os.listdir(tmp_path) == ["search.json"], "the lock is removed"


def test_lock_of_a_killed_trial_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    killed = run("h(); os.kill(os.getpid(), 9)", path, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert sorted(os.listdir(tmp_path)) == ["search.json", "search.json.lock"]
    run("h(); classic.report_final_result(1)", path)
    assert json.loads(path.read_text())["requests"] == 2


def test_fork_that_outlives_its_trial_does_not_hold_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    program = """
        h()
        if not os.fork():
            os.close(1), os.close(2)
            sys.stdin.readline()
            os._exit(0)
        os.kill(os.getpid(), 9)
    """
    config = {"controller": "evolution", "checkpoint": str(path), "population_size": 3}
    left = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(TRIAL) + textwrap.dedent(program)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NASCOMPILE_CONFIG": json.dumps(config)},
        stdin=subprocess.PIPE,
    )
    with left:
        left.wait()
        run("h(); classic.report_final_result(1)", path)
    assert json.loads(path.read_text())["rewards"] == 1
