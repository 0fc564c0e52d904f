"""A session that never loaded an architecture runs the one in use, also one that nobody saw come."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sums import give
from supernet import moved, start, values_of

from nascompile_runtime import parameters
from nascompile_runtime.graph import darts, enas, oneshot
from nascompile_runtime.graph.in_use import InUse
from nascompile_runtime.layer import candidate

v1 = tf.compat.v1
MODES = {"enas": enas, "oneshot": oneshot, "darts": darts}
BUILDERS: dict[str, Any] = {
    "enas": enas.conditional,
    "oneshot": oneshot.dropout_sum,
    "darts": darts.weighted_sum,
}


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Architectures that choose the candidates 0, 1 and 2 in turn."""
    give(monkeypatch, tmp_path, *({"h": (number, [])} for number in (0, 1, 2)))
    parameters.reset()


def layer(mode: str = "enas") -> Any:
    """A layer that is 1, 10 or 100 by its candidate."""
    choice = [
        candidate(f"dense({number})", f"h/dense_{number}", lambda inputs, power: inputs[0][0] * 10.0**power, number)
        for number in range(3)
    ]
    return BUILDERS[mode]("b", "h", layer_choice=choice, fixed_inputs=[tf.ones([])])


def run_started(graph: Any, output: Any) -> Any:
    """What a new session gives."""
    with graph.as_default(), v1.Session() as session:
        start(session)
        return session.run(output)


def weighted_layer() -> Any:
    """A layer whose candidates have a weight each."""

    def scaled(inputs: list[Any], number: int) -> Any:
        return inputs[0][0] * v1.get_variable("w", [], initializer=v1.ones_initializer()) * (number + 1.0)

    choice = [candidate(f"dense({number})", f"h/dense_{number}", scaled, number) for number in range(3)]
    return enas.conditional("b", "h", layer_choice=choice, fixed_inputs=[tf.ones([])])


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("mode", MODES)
def test_graph_that_is_built_before_or_after_a_load_runs_what_was_loaded_elsewhere(mode: str) -> None:
    with tf.Graph().as_default() as before:
        early = layer(mode)
    seen = []
    with tf.Graph().as_default() as training, v1.Session() as session:
        h = layer(mode)
        start(session)
        for _ in range(3):
            MODES[mode].get_next_parameter(session)
            with tf.Graph().as_default() as after:
                late = layer(mode)
            outputs = [session.run(h)]
            outputs += [run_started(graph, output) for graph, output in ((after, late), (before, early), (training, h))]
            seen.append(outputs)
    assert seen == [[1] * 4, [10] * 4, [100] * 4]


@pytest.mark.usefixtures("three")
def test_session_that_stays_follows_until_it_is_loaded_itself(graph: Any) -> None:
    h = layer()
    with v1.Session() as one, v1.Session() as other:
        followed = []
        for _ in range(2):
            enas.get_next_parameter(one)
            followed.append(other.run(h))
        enas.get_next_parameter(other)
        assert (followed, one.run(h), other.run(h)) == ([1, 10], 10, 100)
        enas.get_next_parameter(one)
        assert (one.run(h), other.run(h)) == (1, 100), "what was loaded in a session stays"


@pytest.mark.usefixtures("three")
def test_result_of_an_evaluation_graph_is_that_of_the_reported_architecture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    results = tmp_path / "results.jsonl"
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(results))
    model = str(tmp_path / "model")
    with tf.Graph().as_default(), v1.Session() as session:
        h = weighted_layer()
        step = v1.train.GradientDescentOptimizer(0.1).minimize(h)
        start(session)
        expected = []
        for _ in range(3):
            enas.get_next_parameter(session)
            session.run(step)
            expected.append(float(session.run(h)))
            v1.train.Saver().save(session, model, write_meta_graph=False)
            with tf.Graph().as_default(), v1.Session() as evaluation:
                output = weighted_layer()
                v1.train.Saver().restore(evaluation, model)
                enas.report_final_result(evaluation.run(output))
    records = [json.loads(line) for line in results.read_text().splitlines()]
    assert [record["value"] for record in records] == pytest.approx(expected)
    names = [record["architecture"]["b"]["h"]["chosen_layer"] for record in records]
    assert names == ["dense(0)", "dense(1)", "dense(2)"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("mode", MODES)
def test_graph_that_was_built_in_a_search_before_is_loaded_in_the_next(mode: str, graph: Any) -> None:
    h = layer(mode)
    parameters.reset()
    with v1.Session() as session, v1.Session() as other:
        start(session)
        start(other)
        for _ in range(2):
            MODES[mode].get_next_parameter(session)
        assert (session.run(h), other.run(h)) == (10, 10)


class Preemption(v1.train.SessionRunHook):  # type: ignore[misc, name-defined]
    """Takes the session away, once."""

    def __init__(self) -> None:
        self.is_due = False
        self.sessions = 0

    def after_create_session(self, session: Any, coord: Any) -> None:
        self.sessions += 1

    def before_run(self, run_context: Any) -> None:
        if self.is_due:
            self.is_due = False
            raise tf.errors.AbortedError(None, None, "preempted")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("mode", MODES)
def test_session_after_a_preemption_runs_what_the_one_before_it_ran(mode: str, graph: Any, tmp_path: Path) -> None:
    h = layer(mode)
    v1.train.get_or_create_global_step()
    hook = Preemption()
    with v1.train.MonitoredTrainingSession(
        checkpoint_dir=str(tmp_path), hooks=[hook], save_checkpoint_steps=1
    ) as session:
        for _ in range(2):
            MODES[mode].get_next_parameter(session)
        hook.is_due = True
        assert (session.run(h), hook.sessions) == (10, 2)
        MODES[mode].get_next_parameter(session)
        assert session.run(h) == 100


@pytest.mark.usefixtures("three")
def test_session_that_was_not_loaded_trains_what_is_loaded_in_another(graph: Any) -> None:
    step = v1.train.GradientDescentOptimizer(0.1).minimize(weighted_layer())
    with v1.Session() as loaded, v1.Session() as trained:
        start(trained)
        for number in range(3):
            enas.get_next_parameter(loaded)
            before = values_of(trained)
            trained.run(step)
            assert moved(before, values_of(trained)) == {f"h/dense_{number}/w"}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("mode", MODES)
def test_after_deriving_in_it_a_session_follows_again(mode: str, graph: Any, tmp_path: Path) -> None:
    h = layer(mode)
    with v1.Session() as one, v1.Session() as other:
        start(one)
        start(other)
        MODES[mode].get_next_parameter(one)
        MODES[mode].derive(session=other, metric=h, output=str(tmp_path / "best.json"))
        assert other.run(h) == 1
        MODES[mode].get_next_parameter(one)
        assert other.run(h) == 10


@pytest.mark.usefixtures("three")
def test_evaluation_in_a_session_that_follows_does_not_pin_it(graph: Any) -> None:
    h = layer("oneshot")
    seen = []
    with v1.Session() as one, v1.Session() as other:
        for _ in range(3):
            oneshot.get_next_parameter(one)
            oneshot.begin_evaluation(other)
            seen.append(other.run(h))
            oneshot.end_evaluation(other)
    assert seen == [1, 10, 100]


@pytest.mark.usefixtures("three")
def test_exported_graph_runs_its_start_where_nothing_is_in_use(graph: Any) -> None:
    h = layer().name
    exported = graph.as_graph_def()
    with v1.Session() as session:
        for _ in range(2):
            enas.get_next_parameter(session)

    def run() -> Any:
        with tf.Graph().as_default(), v1.Session() as imported:
            tf.import_graph_def(exported, name="")
            return imported.run(h)

    assert run() == 10
    for path in tf.io.gfile.glob("ram://nascompile/*"):  # as in another process
        tf.io.gfile.remove(path)
    assert run() == 1


def test_what_is_in_use_goes_with_its_graph() -> None:
    with tf.Graph().as_default() as graph:
        InUse(graph, tf.int32).put([1, 2])
    files = set(tf.io.gfile.glob("ram://nascompile/*"))
    del graph
    gc.collect()
    assert len(files - set(tf.io.gfile.glob("ram://nascompile/*"))) >= 1


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("look", [True, False])
def test_nothing_is_looked_up_in_a_session_that_was_loaded(graph: Any, look: bool) -> None:
    h = layer()
    with v1.Session() as session:
        if not look:
            enas.get_next_parameter(session)
        metadata = v1.RunMetadata()
        session.run(h, options=v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE), run_metadata=metadata)
    ran = {node.node_name.rpartition("/")[2] for device in metadata.step_stats.dev_stats for node in device.node_stats}
    assert ("MatchingFiles" in ran) is look


@pytest.mark.usefixtures("three")
def test_graphs_on_one_server_do_not_share_what_was_loaded() -> None:
    server = tf.distribute.Server.create_local_server()
    seen = []
    for _ in range(2):
        with tf.Graph().as_default(), v1.Session(server.target) as session:
            h = layer()
            seen.append(session.run(h))
            enas.get_next_parameter(session)
            enas.get_next_parameter(session)
            seen.append(session.run(h))
        parameters.reset()
    assert seen == [1, 10, 1, 10]


@pytest.mark.usefixtures("three")
def test_sessions_of_one_graph_on_one_server_are_one(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NASCOMPILE_ARCHITECTURE")
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.5}')
    parameters.reset()
    server = tf.distribute.Server.create_local_server()
    x = tf.ones([])
    take = [candidate("f()", "h/f", lambda inputs: inputs[1][0])]
    h = oneshot.dropout_sum("b", "h", layer_choice=take, optional_inputs={"x": x}, optional_input_size=1)
    h2 = oneshot.dropout_sum("b", "h2", layer_choice=take, optional_inputs={"x": x, "y": x}, optional_input_size=[0, 1])
    with v1.Session(server.target) as one, v1.Session(server.target) as other:
        oneshot.begin_evaluation(one)
        oneshot.end_evaluation(other)
        oneshot.begin_evaluation(one)
        assert {float(other.run(h2)) for _ in range(20)} == {1.0}
        assert one.run(h) == 1


def test_signal_is_on_the_worker_whatever_the_users_devices_are(graph: Any) -> None:
    setter = v1.train.replica_device_setter(ps_tasks=2, worker_device="/job:worker/task:1")
    with v1.device(setter):
        layer()
    assert graph.get_operation_by_name("nascompile/enas").device == "/device:CPU:0"
    assert not [op.name for op in graph.get_operations() if op.name.startswith("nascompile/") and "ps" in op.device]


class Update(v1.train.SessionRunHook):  # type: ignore[misc, name-defined]
    """Advances the ramp in the session behind the monitored one."""

    def after_run(self, run_context: Any, run_values: Any) -> None:
        oneshot.training_update(session=run_context.session)


def test_evaluation_of_a_monitored_session_whose_hooks_advance_the_ramp_drops_nothing(
    graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.5, "ramp_steps": 3}')
    take = [candidate("f()", "h/f", lambda inputs: tf.reduce_sum(inputs[1], axis=0))]
    h = oneshot.dropout_sum("b", "h", layer_choice=take, optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])
    v1.train.get_or_create_global_step()
    raw: Callable[[Any], Any] = lambda step_context: step_context.session.run(h)  # noqa: E731
    with v1.train.MonitoredTrainingSession(hooks=[Update()]) as session:
        for _ in range(5):
            session.run(h)
        assert 0 in {float(session.run_step_fn(raw)) for _ in range(40)}
        oneshot.begin_evaluation(session)
        assert {float(session.run_step_fn(raw)) for _ in range(40)} == {1.0}
        oneshot.end_evaluation(session)
        assert np.isin(0, [session.run_step_fn(raw) for _ in range(40)])
