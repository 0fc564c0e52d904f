"""A run that does not search is told so, in a line; one that searches or is given its architecture is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from nascompile_runtime import parameters, unsearched
from nascompile_runtime.account import TOLD
from nascompile_runtime.graph import darts, enas, oneshot
from nascompile_runtime.layer import candidate
from nascompile_runtime.parameters import trial
from nascompile_runtime.unsearched import judge_run

v1 = tf.compat.v1
BUILDERS: dict[Any, Any] = {enas: enas.conditional, darts: darts.weighted_sum, oneshot: oneshot.dropout_sum}


def scaled(inputs: Any, by: float) -> Any:
    return inputs[0][0] * v1.get_variable("w", [], initializer=v1.ones_initializer()) * by


def loss_of(mode: Any, candidates: int = 3) -> Any:
    choice = [candidate(f"scaled({i})", f"h/scaled_{i}", scaled, float(i)) for i in range(candidates)]
    return tf.square(BUILDERS[mode]("b", "h", layer_choice=choice, fixed_inputs=[tf.ones([])]) - 3.0)


@pytest.fixture(autouse=True)
def _candidates_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that oneshot does not advise it."""
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"drop_candidates": true}')
    parameters.reset()


@pytest.fixture
def session(graph: Any) -> Any:
    with v1.Session() as session:
        yield session


def report(mode: Any, times: int = 3) -> None:
    for _ in range(times):
        mode.report_final_result(0.5)


def test_requests_without_a_session_are_told(graph: Any) -> None:
    loss_of(enas)
    for _ in range(20):
        enas.get_next_parameter()
        enas.report_final_result(0.5)
    assert judge_run(trial()) == (
        "20 results, all of one architecture (20 requested, none loaded): "
        "give the session, @nni.get_next_parameter(session)"
    )


def test_a_search_that_asks_for_nothing_or_once_is_told(session: Any) -> None:
    loss_of(enas)
    report(enas)
    assert "since no other was asked for" in str(judge_run(trial()))
    enas.get_next_parameter(session)
    assert "which was loaded once: put @nni.get_next_parameter(session) into the loop" in str(judge_run(trial()))
    enas.get_next_parameter(session)
    assert judge_run(trial()) is None


def test_a_single_result_is_no_search(session: Any) -> None:
    for mode in (enas, darts):
        parameters.reset()
        loss_of(mode)
        report(mode, 1)
        assert judge_run(trial()) is None


@pytest.mark.parametrize("mode", [enas, darts])
def test_what_was_given_or_leaves_no_choice_is_no_search(
    mode: Any, session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loss_of(mode, candidates=1)
    report(mode)
    assert judge_run(trial()) is None
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"b": {"h": {"chosen_layer": "scaled(1)", "chosen_inputs": []}}}))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(given))
    parameters.reset()
    with tf.Graph().as_default():
        loss_of(mode)
        report(mode)
    assert judge_run(trial()) is None


def test_architecture_weights_that_never_move_are_told(session: Any) -> None:
    loss = loss_of(darts)
    session.run(v1.global_variables_initializer())
    for _ in range(3):
        darts.get_next_parameter(session)
        darts.report_final_result(0.5)
    assert str(judge_run(trial())).startswith("3 results, and no update of the architecture weights")
    darts.training_update(session=session, loss=loss)
    assert judge_run(trial()) is None


def test_architecture_weights_of_a_checkpoint_have_moved_before(graph: Any, tmp_path: Path, capsys: Any) -> None:
    loss = loss_of(darts)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        darts.training_update(session=session, loss=loss)
        path = v1.train.Saver().save(session, str(tmp_path / "model"))
    parameters.reset()
    with tf.Graph().as_default(), v1.Session() as session:
        loss = loss_of(darts)
        v1.train.Saver().restore(session, path)
        report(darts)
        darts.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))
    assert judge_run(trial()) is None
    assert "never updated" not in capsys.readouterr().err


def test_architecture_weights_that_never_moved_are_told_by_derive_or_at_the_end(
    session: Any, tmp_path: Path, capsys: Any
) -> None:
    loss = loss_of(darts)
    session.run(v1.global_variables_initializer())
    report(darts)
    darts.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))
    unsearched._tell()
    told = capsys.readouterr().err
    assert "the architecture weights were never updated" in told
    assert told.count("put @nni.training_update(") == 1


def test_derive_tells_the_share_of_the_candidates_that_were_trained(session: Any, tmp_path: Path, capsys: Any) -> None:
    loss = loss_of(enas)
    session.run(v1.global_variables_initializer())
    shares = []
    for _ in range(6):
        enas.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))
        shares += [line for line in capsys.readouterr().err.splitlines() if "in this ranking" in line]
        enas.get_next_parameter(session)
        enas.report_final_result(0.5)
    told = [line.split("ranking ")[1].split()[0] for line in shares]
    assert told == sorted(set(told)), "of a share that stays it is told once"
    assert told[0] == "1"
    assert shares[0] == (
        "nascompile: of the 3 candidates in this ranking 1 were trained in this run; "
        "scores with the others count only if trained weights were restored"
    )
    assert len(trial().account.candidates) == 3, "the seed loads all of them in six requests"
    enas.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))
    assert "in this ranking" not in capsys.readouterr().err


def test_evaluation_without_an_end_is_told_once(session: Any, capsys: Any) -> None:
    loss_of(oneshot)
    for _ in range(3):
        oneshot.training_update(session=session)
        oneshot.begin_evaluation(session)
    assert capsys.readouterr().err == (
        "nascompile: training goes on while an evaluation is marked: no path is dropped since "
        "@nni.begin_evaluation(session); put @nni.end_evaluation(session) behind each evaluation\n"
    )


def test_evaluation_that_begins_once_and_never_ends_is_told(session: Any, capsys: Any) -> None:
    loss_of(oneshot)
    oneshot.begin_evaluation(session)
    for _ in range(3):
        oneshot.training_update(session=session)
    assert capsys.readouterr().err.count("put @nni.end_evaluation(session)") == 1


def test_evaluations_that_end_are_not_told_of(session: Any, capsys: Any) -> None:
    loss_of(oneshot)
    for _ in range(3):
        oneshot.begin_evaluation(session)
        oneshot.training_update(session=session)
        oneshot.end_evaluation(session)
    with v1.Session() as other:
        oneshot.begin_evaluation(other)
        oneshot.begin_evaluation(session)
    assert not capsys.readouterr().err


@pytest.mark.parametrize("metric", ["acc", 0.5, {"default": "acc"}, [1]])
def test_derive_says_what_a_metric_is(metric: Any, session: Any, tmp_path: Path) -> None:
    loss_of(enas)
    with pytest.raises(TypeError, match=r"derive: the metric is a scalar tensor of the session's graph, .*, not "):
        enas.derive(session=session, metric=metric, output=str(tmp_path / "best.json"))


@pytest.mark.parametrize("mode", [enas, darts, oneshot])
def test_what_is_no_session_takes_no_parameters(mode: Any, graph: Any) -> None:
    loss_of(mode)
    with pytest.raises(TypeError, match="a TensorFlow session is needed here, not <module"):
        mode.get_next_parameter(tf)
    assert trial().requests_here == 0


@pytest.mark.parametrize("mode", [enas, darts, oneshot])
def test_a_closed_session_is_told(mode: Any, graph: Any, tmp_path: Path) -> None:
    loss = loss_of(mode)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
    with pytest.raises(RuntimeError, match="this session is closed"):
        mode.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))
    with pytest.raises(RuntimeError, match="this session is closed"):
        mode.training_update(session=session, loss=loss)


def test_weights_that_were_never_initialised_are_named(session: Any, tmp_path: Path) -> None:
    loss = loss_of(darts)
    session.run(v1.variables_initializer(v1.trainable_variables()))
    for what, act in (
        ("training_update", lambda: darts.training_update(session=session, loss=loss)),
        ("derive", lambda: darts.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))),
    ):
        with pytest.raises(RuntimeError, match=rf"{what}: the variable 'nascompile/\S+[a-z]' is not initialised"):
            act()


def test_a_placeholder_without_a_feed_is_named(session: Any, tmp_path: Path) -> None:
    loss = loss_of(darts) * v1.placeholder(tf.float32, [], name="images")
    session.run(v1.global_variables_initializer())
    for what, act in (
        ("training_update", lambda: darts.training_update(session=session, loss=loss)),
        ("derive", lambda: darts.derive(session=session, metric=loss, output=str(tmp_path / "best.json"))),
    ):
        with pytest.raises(ValueError, match=rf"{what}: the placeholder 'images' needs a value: feed_dict="):
            act()


PROGRAM = """
import importlib
import tensorflow.compat.v1 as tf

def double(inputs):
    return 2 * inputs[0][0]

def triple(inputs):
    return 3 * inputs[0][0]

tf.disable_eager_execution()
x = tf.ones([])
# @nni.mutable_layer(layer_choice=[double(), triple()], fixed_inputs=[x], layer_output=h)
with tf.Session() as session:
    for step in range(3):
        '''@nni.get_next_parameter()'''
        '''@nni.report_final_result(session.run(h))'''
"""
HIDES = "importlib.import_module('json')\n"  # so the compiler cannot tell before the run what is imported


@pytest.mark.parametrize(
    ("rest", "warnings", "lines"),
    [("", 1, 0), (HIDES, 0, 1), ("raise SystemError('bad')\n", 1, 0), (HIDES + "raise SystemError('bad')\n", 0, 0)],
)
def test_it_is_told_once_before_the_run_or_when_it_ends_well(
    tmp_path: Path, rest: str, warnings: int, lines: int
) -> None:
    (tmp_path / "trial.py").write_text(PROGRAM + rest)
    command = [sys.executable, "-m", "nascompile", "exec", "trial.py", "--mode", "enas"]
    done = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == ("raise" in rest)
    assert done.stderr.count("warning[NC702]") == warnings
    told = [line for line in done.stderr.splitlines() if line.startswith("nascompile: ")]
    assert [line[:51] for line in told] == ["nascompile: 3 results, all of one architecture (3 r"] * lines


def test_evaluation_without_an_end_that_the_compiler_has_told_is_not_told_again(
    session: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss_of(oneshot)
    for process, count in ((os.getpid(), 0), (os.getppid(), 1)):
        monkeypatch.setenv(TOLD, f"{process} NC705 NC709")
        for _ in range(2):
            oneshot.begin_evaluation(session)
            oneshot.training_update(session=session)
        assert capsys.readouterr().err.count("put @nni.end_evaluation(session)") == count
