"""oneshot beside hand-written TensorFlow: the sum, its gradients, evaluation, sub-architectures, sessions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sums import X, dense, dense_layer, give, single_layer

from nascompile_runtime import parameters
from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.graph import oneshot
from nascompile_runtime.layer import LayerError

v1 = tf.compat.v1


@pytest.fixture(autouse=True)
def often_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.3, "drop_candidates": false}')


@pytest.fixture
def session(graph: Any) -> Iterator[Any]:
    with v1.Session() as session:
        yield session


layer = partial(dense_layer, oneshot.dropout_sum)
call = partial(single_layer, oneshot.dropout_sum)


# --- the sum ---


def test_sum_is_exact_where_nothing_can_be_dropped(session: Any) -> None:
    x = tf.constant(X)
    output = layer("h", [x], {}, 0)
    with v1.variable_scope("h", reuse=True):
        outputs = []
        for i in range(3):
            with v1.variable_scope(f"dense_{i}"):
                outputs.append(dense([[x], []], i))
    session.run(v1.global_variables_initializer())
    ours, by_hand = session.run([output, outputs[0] + outputs[1] + outputs[2]])
    np.testing.assert_array_equal(ours, by_hand)


def test_sum_is_exact_under_evaluation(session: Any) -> None:
    x, a, b = tf.constant(X), tf.constant(2 * X), tf.constant(X - 3)
    output = layer("h", [x], {"a": a, "b": b}, [0, 1])
    with v1.variable_scope("h", reuse=True):
        outputs = []
        for i in range(3):
            with v1.variable_scope(f"dense_{i}"):
                outputs.append(dense([[x], [a, b]], i))
    session.run(v1.global_variables_initializer())
    oneshot.begin_evaluation(session)
    ours, by_hand = session.run([output, outputs[0] + outputs[1] + outputs[2]])
    np.testing.assert_array_equal(ours, by_hand)


@pytest.mark.parametrize("drop_candidates", [False, True])
def test_training_step_equals_the_hand_written_one_with_the_same_drops(
    drop_candidates: bool, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"r": 0.3, "drop_candidates": drop_candidates}))
    k = 3
    values = {f"x{i}": tf.constant((i + 1) * X) for i in range(k)}
    output = layer("h", [tf.constant(X)], values, [1, 2])
    weights = v1.trainable_variables()
    gates = gates_of_layer(k)
    by_hand_inputs = [gates["inputs"][i] * value for i, value in enumerate(values.values())]
    with v1.variable_scope("h", reuse=True):
        outputs = []
        for i in range(3):
            with v1.variable_scope(f"dense_{i}"):
                outputs.append(gates["candidates"][i] * dense([[tf.constant(X)], by_hand_inputs], i))
    by_hand = tf.add_n(outputs)
    sources = [*weights, *values.values()]
    ours_all = [output, *tf.gradients(output**2, sources)]
    by_hand_all = [by_hand, *tf.gradients(by_hand**2, sources)]
    session.run(v1.global_variables_initializer())
    seen = set()
    for _ in range(12):
        factors, ours, expected = session.run([gates, ours_all, by_hand_all])
        seen.add((*factors["inputs"], *factors["candidates"]))
        assert drop_candidates or factors["candidates"].tolist() == [1, 1, 1]
        for one, other in zip(ours, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    assert len(seen) > 2


def gates_of_layer(k: int) -> Any:
    """The factors of the layer "h", of inputs `[k]` and candidates `[3]`: the same annotation on ones, which are shown.

    A candidate shows its own factor, and those of the inputs in a row of its own.
    """

    def show(inputs: list[Any], position: int) -> Any:
        return {"candidates": tf.one_hot(position, 3), "inputs": tf.one_hot(position, 3)[:, tf.newaxis] * inputs[1]}

    shown = oneshot.dropout_sum(
        "b",
        "h",
        layer_choice=[oneshot.candidate(f"dense({i})", f"gates/{i}", show, i) for i in range(3)],
        optional_inputs={f"x{i}": tf.constant(1.0) for i in range(k)},
        optional_input_size=[1, 2],
    )
    # A row is the factors of the inputs, times the candidate's own, which is zero where it was dropped.
    rows = tf.math.divide_no_nan(shown["inputs"], shown["candidates"][:, tf.newaxis])
    return {"candidates": shown["candidates"], "inputs": tf.reduce_max(rows, axis=0)}


def test_optional_inputs_come_as_list_which_a_range_makes_a_stack_too(graph: Any) -> None:
    a, b = tf.zeros([3, 4]), tf.zeros([3, 4])
    seen = []

    for name, changes in {
        "number": {"optional_inputs": {"a": a, "b": b}, "optional_input_size": 1},
        "range": {"optional_inputs": {"a": a, "b": b}, "optional_input_size": [1, 1]},
        "none": {},
    }.items():
        fixed = [a]
        two = [oneshot.candidate(f"look({i})", f"{name}/{i}", look(seen)) for i in range(2)]
        oneshot.dropout_sum("b", name, layer_choice=two, fixed_inputs=fixed, **changes)  # type: ignore[arg-type]
    number, number_again, stacked, _, none, _ = seen
    assert number[0] == number_again[0] == [a]
    assert len(number[1]) == 2
    assert number[1] is not number_again[1]
    assert stacked[1].shape == stacked[1].get_shape() == [2, 3, 4]
    assert tf.reduce_sum(stacked[1], axis=0).shape == [3, 4]
    assert tf.concat(stacked[1], axis=1).shape == [3, 8]
    assert stacked[1]
    assert stacked[1][0].shape == [3, 4]
    assert len(stacked[1][:1]) == 1
    assert stacked[1][:1].shape == [1, 3, 4]
    assert stacked[1][:, 0].shape == stacked[1][..., 0, :].shape == [2, 4]
    assert (-stacked[1]).shape == (stacked[1] > 0).shape == (stacked[1] <= 0).shape == [2, 3, 4]
    assert (2 - stacked[1] / 2 * stacked[1]).shape == [2, 3, 4]
    assert (1 + stacked[1]).shape == (stacked[1] + 1).shape == [2, 3, 4]
    assert len([a] + stacked[1]) == len(stacked[1] + [a]) == 3
    assert none[1] == []


def look(seen: list[Any]) -> Any:
    def candidate(inputs: list[Any]) -> Any:
        seen.append([list(inputs[0]), inputs[1]])
        inputs[0].clear()  # a candidate may do with its lists what it likes
        return tf.constant(0.0)

    return candidate


def test_structures_are_summed_leaf_by_leaf(session: Any) -> None:
    choices = [
        oneshot.candidate(f"f({i})", f"h/{i}", lambda inputs, i=i: {"a": tf.constant(i), "b": (tf.constant(1.5), i)})
        for i in range(4)
    ]
    assert session.run(oneshot.dropout_sum("b", "h", layer_choice=choices)) == {"a": 6, "b": (6.0, 6)}


def test_only_candidate_may_return_anything(graph: Any) -> None:
    thing = object()
    assert call(lambda inputs: thing) is thing


def test_fixed_inputs_are_never_dropped_and_may_be_anything(session: Any) -> None:
    output = call(lambda inputs: inputs[0][0] * tf.ones([]), fixed_inputs=[2.0, "text", None])
    assert {float(session.run(output)) for _ in range(40)} == {2.0}


def test_whole_numbers_are_dropped_and_not_scaled(session: Any) -> None:
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.constant(7)}, optional_input_size=[0, 1])
    assert {int(session.run(output)) for _ in range(40)} == {0, 7}


def test_dropped_path_is_zero_even_if_it_is_not_finite(session: Any) -> None:
    x = tf.constant([float("nan"), float("inf"), 1.0])
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": x}, optional_input_size=[0, 1])
    (gradient,) = tf.gradients(output, x)
    steps = [session.run([output, gradient]) for _ in range(60)]
    dropped = [(value, slope) for value, slope in steps if value[2] == 0]
    assert 0 < len(dropped) < 60
    for value, slope in dropped:
        assert value.tolist() == [0, 0, 0]
        assert slope.tolist() == [0, 0, 0]


def test_annotation_that_runs_again_shares_its_drops(session: Any) -> None:
    def build(name: str) -> Any:
        ones = {f"x{i}": tf.ones([]) for i in range(6)}
        stack = oneshot.candidate("stack()", f"{name}/stack", lambda inputs: inputs[1])
        return oneshot.dropout_sum("b", name, layer_choice=[stack], optional_inputs=ones, optional_input_size=[0, 6])

    towers, other = [build("h"), build("h"), build("h")], build("other")
    session.run(towers[0])  # a step of one tower must not put the others behind
    steps = [session.run([*towers, other]) for _ in range(20)]
    assert all(np.array_equal(a, b) and np.array_equal(a, c) for a, b, c, _ in steps)
    assert any(not np.array_equal(a, d) for a, _, _, d in steps)


# --- evaluation and the ramp ---


def test_evaluation_gives_one_number_and_training_goes_on_after_it(session: Any) -> None:
    output = layer("h", [tf.constant(X)], {"a": tf.constant(X), "b": tf.constant(-2 * X)}, 1)
    session.run(v1.global_variables_initializer())

    def different() -> int:
        return len({session.run(output).tobytes() for _ in range(12)})

    assert different() > 1
    oneshot.begin_evaluation(session)
    assert different() == 1
    oneshot.begin_evaluation(session)
    assert different() == 1
    oneshot.end_evaluation(session)
    assert different() > 1


def survivor(session: Any, output: Any) -> float:
    """The factor of an input that is not dropped: 1 / (1 - rate) for a layer of one input."""
    return float(max(session.run(output) for _ in range(60)))


def test_rate_rises_over_the_ramp_with_the_training_updates(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.8, "ramp_steps": 4}')
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])
    survivors = []
    for _ in range(6):
        survivors.append(survivor(session, output))
        oneshot.training_update(session=session)
    np.testing.assert_allclose(survivors, [1, 1 / 0.8, 1 / 0.6, 1 / 0.4, 1 / 0.2, 1 / 0.2], rtol=1e-5)


def test_ramp_goes_on_under_evaluation(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.5, "ramp_steps": 2}')
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])
    oneshot.begin_evaluation(session)
    oneshot.training_update(session=session)
    assert survivor(session, output) == 1
    oneshot.end_evaluation(session)
    assert survivor(session, output) == pytest.approx(1 / 0.75)


def test_ramp_needs_the_session_or_a_default_one(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.5, "ramp_steps": 1}')
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])
    with pytest.raises(ValueError, match=r"training_update needs the session"):
        oneshot.training_update()
    oneshot.training_update(loss=output)  # tells darts of the loss
    with v1.Session() as session:
        assert survivor(session, output) == 1
        oneshot.training_update(tf=tf, loss=None, feed_dict=None)
        assert survivor(session, output) == pytest.approx(2)


RAMPED = """
import tensorflow.compat.v1 as tf

def double(inputs):
    return 2 * inputs[0][0]

def triple(inputs):
    return 3 * inputs[0][0]

tf.disable_eager_execution()
x = tf.ones([])
# @nni.mutable_layer(layer_choice=[double(), triple()], fixed_inputs=[x], layer_output=h)
with tf.Session() as session:
    print(session.run(h))
"""
UPDATE, REPORT = ("    # @nni.training_update(session=session)\n", "    # @nni.report_final_result(1)\n")


@pytest.mark.parametrize(
    ("rest", "ramp", "is_told"),
    [(REPORT, 5, True), (REPORT + UPDATE, 5, False), ("", 5, False), (REPORT, 0, False)],
)
def test_ramp_that_nothing_moves_is_told_at_the_end(tmp_path: Path, rest: str, ramp: int, is_told: bool) -> None:
    trial = tmp_path / "trial.py"
    trial.write_text(RAMPED + rest)
    command = [sys.executable, "-m", "nascompile", "exec", str(trial), "--mode", "oneshot"]
    config = json.dumps({"ramp_steps": ramp, "drop_candidates": True})
    done = subprocess.run(
        command, env={**os.environ, "NASCOMPILE_CONFIG": config}, capture_output=True, text=True, check=True
    )
    told = [line for line in done.stderr.splitlines() if line.startswith("nascompile: ")]
    message = (
        "nascompile: ramp_steps is set, but no @nni.training_update was made in a session: nothing was ever dropped"
    )
    assert told == [message] * is_told


def test_update_without_a_ramp_calls_no_session(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])

    class Silent(v1.Session):  # type: ignore[misc, name-defined]
        def run(self, *args: Any, **kwargs: Any) -> Any:
            raise AssertionError("no session call is needed here")

    with Silent() as session:
        oneshot.training_update(session=session)
        oneshot.get_next_parameter(session)
    oneshot.training_update()


# --- sub-architectures ---

CHOICES = [(i, list(xs)) for i in range(3) for xs in ((), ("a",), ("b",))]


def test_given_architecture_is_its_sub_graph(session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Each choice of one layer beside a third of those of the other, in turn.
    pairs = [
        pair for number, pair in enumerate(product(CHOICES, CHOICES)) if number % 3 == (number // 9 + number // 27) % 3
    ]
    give(monkeypatch, tmp_path, *({"one": one, "two": two} for one, two in pairs))
    x, a, b = tf.constant(X), tf.constant(2 * X), tf.constant(X - 3)
    one = layer("one", [x], {"a": a, "b": b}, [0, 1])
    two = layer("two", [one], {"a": a, "b": one}, [0, 1])
    weights = v1.trainable_variables()
    ours = [two, *tf.gradients(two, weights)]

    def by_hand(choice: tuple[int, list[str]], name: str, fixed: Any, optional: dict[str, Any]) -> Any:
        with v1.variable_scope(f"{name}/dense_{choice[0]}", reuse=True):
            return dense([[fixed], [optional[each] for each in choice[1]]], choice[0])

    references = []
    for first, second in pairs:
        h = by_hand(first, "one", x, {"a": a, "b": b})
        h = by_hand(second, "two", h, {"a": a, "b": h})
        references.append([h, *tf.gradients(h, weights, unconnected_gradients="zero")])
    session.run(v1.global_variables_initializer())
    for reference in references:
        oneshot.get_next_parameter(session)
        for value, expected in zip(*session.run([ours, reference]), strict=True):
            np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-7)


def test_first_given_architecture_is_there_from_the_start(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, {"h": (1, ["a"])}, {"h": (2, [])})
    x, a, b = tf.constant(X), tf.constant(2 * X), tf.constant(X - 3)
    output = layer("h", [x], {"a": a, "b": b}, [0, 1])
    with v1.variable_scope("h", reuse=True):
        with v1.variable_scope("dense_1"):
            first = dense([[x], [a]], 1)
        with v1.variable_scope("dense_2"):
            second = dense([[x], []], 2)
    session.run(v1.global_variables_initializer())
    np.testing.assert_array_equal(*session.run([output, first]))
    oneshot.get_next_parameter(session)
    np.testing.assert_array_equal(*session.run([output, first]))
    oneshot.get_next_parameter()
    np.testing.assert_array_equal(*session.run([output, first]))
    oneshot.training_update(session=session)
    np.testing.assert_array_equal(*session.run([output, second]))
    oneshot.training_update(session=session)
    oneshot.begin_evaluation(session)
    oneshot.end_evaluation(session)
    np.testing.assert_array_equal(*session.run([output, second]))


def test_candidate_that_is_not_selected_is_zero_even_if_it_is_not_finite(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, {"h": (0, [])})
    weight = v1.Variable(1.0, use_resource=True)
    choices = [
        oneshot.candidate("dense(0)", "h/0", lambda inputs: weight * 2),
        oneshot.candidate("dense(1)", "h/1", lambda inputs: weight * float("nan")),
    ]
    output = oneshot.dropout_sum("b", "h", layer_choice=choices)
    session.run(v1.global_variables_initializer())
    assert session.run(output) == 2


def test_wrong_architecture_is_an_error_and_loads_nothing(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, {"h": (0, [])}, {"h": (7, [])})
    output = layer("h", [tf.constant(X)], {"a": tf.constant(X)}, [0, 1])
    session.run(v1.global_variables_initializer())
    oneshot.get_next_parameter(session)
    before = session.run(output)
    with pytest.raises(ArchitectureError, match=r"layer 'h' of block 'b': chosen_layer 'dense\(7\)'"):
        oneshot.get_next_parameter(session)
    np.testing.assert_array_equal(session.run(output), before)


def test_reports_say_which_architecture_ran_if_one_did(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "results.jsonl"))
    layer("h", [tf.constant(X)], {}, 0)
    oneshot.report_final_result(0.5)
    give(monkeypatch, tmp_path, {"h": (1, [])})
    parameters.reset()
    oneshot.report_intermediate_result(0.25)
    oneshot.report_final_result(0.75)
    oneshot.report_final_result(0.8)
    chosen = {"b": {"h": {"chosen_layer": "dense(1)", "chosen_inputs": []}}}
    records = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [record["architecture"] for record in records] == [None, chosen, chosen, chosen]
    assert "nascompile: final result 2: 0.8" in capsys.readouterr().out


# --- graphs and sessions ---


def test_sessions_of_a_graph_do_not_disturb_each_other(graph: Any) -> None:
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])
    graph.finalize()
    with v1.Session() as training, v1.Session() as evaluation:
        oneshot.begin_evaluation(evaluation)
        assert {float(evaluation.run(output)) for _ in range(30)} == {1.0}
        assert len({float(training.run(output)) for _ in range(30)}) == 2


def test_session_without_our_layers_is_left_alone(session: Any) -> None:
    oneshot.get_next_parameter(session)
    oneshot.training_update(session=session)
    oneshot.begin_evaluation(session)
    oneshot.end_evaluation(session)


def test_monitored_session_trains_and_evaluates(graph: Any, tmp_path: Path) -> None:
    output = layer("h", [tf.constant(X)], {"a": tf.constant(X)}, 1)
    step = v1.train.create_global_step()
    train = v1.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(output**2), global_step=step)
    with v1.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path), hooks=[v1.train.StopAtStepHook(5)]) as session:
        while not session.should_stop():
            oneshot.training_update(session=session)
            oneshot.begin_evaluation(session)
            before = session.run_step_fn(lambda step_context: step_context.session.run(output))
            again = session.run_step_fn(lambda step_context: step_context.session.run(output))
            np.testing.assert_array_equal(before, again)
            oneshot.end_evaluation(session)
            session.run(train)
    names = [name for name, _ in tf.train.list_variables(tf.train.latest_checkpoint(str(tmp_path)))]
    assert not [name for name in names if "nascompile" in name]


def test_training_can_be_built_after_the_first_run(session: Any) -> None:
    weight = v1.Variable([2.0], use_resource=True)
    output = call(lambda inputs: inputs[1][0], optional_inputs={"x": weight * 3}, optional_input_size=[0, 1])
    session.run(v1.global_variables_initializer())
    session.run(output)
    (gradient,) = tf.gradients(output, weight)
    assert {round(float(session.run(gradient)[0]), 3) for _ in range(40)} == {0.0, round(3 / 0.7, 3)}


def test_layer_in_a_loop_or_function_draws_once_a_step(session: Any) -> None:
    def add_layer(x: Any) -> Any:
        return x + call(lambda inputs: inputs[1][0], optional_inputs={"x": tf.ones([])}, optional_input_size=[0, 1])

    looped = tf.while_loop(lambda i, x: i < 3, lambda i, x: [i + 1, add_layer(x)], [0, 0.0])[1]
    function = tf.function(add_layer)(tf.constant(0.0))
    steps = [session.run([looped, function]) for _ in range(40)]
    assert {(round(float(three), 3), round(float(one), 3)) for three, one in steps} == {(0, 0), (4.286, 1.429)}


@pytest.mark.parametrize("switch", ["control_flow_v2", "resource_variables", "v2_tensorshape"])
def test_switches_of_tensorflow_change_nothing(switch: str) -> None:
    getattr(v1, f"disable_{switch}")()
    try:
        with tf.Graph().as_default(), v1.Session() as session:
            output = layer("h", [tf.constant(X)], {"a": tf.constant(X)}, [0, 1])
            train = v1.train.GradientDescentOptimizer(0.02).minimize(tf.reduce_sum(output**2))
            session.run(v1.global_variables_initializer())
            oneshot.begin_evaluation(session)
            losses = []
            for _ in range(5):
                losses.append(float(np.sum(session.run(output) ** 2)))
                session.run(train)
        assert losses == sorted(losses, reverse=True)
        assert len(set(losses)) == 5
    finally:
        getattr(v1, f"enable_{switch}")()


# --- mistakes ---


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (
            (np.zeros([3, 4], np.float32), np.zeros([3, 5], np.float32)),
            r"its candidates are summed, but 'f\(0\)' is float32 \(3, 4\) and 'f\(1\)' is float32 \(3, 5\)",
        ),
        ((np.zeros([3]), np.zeros([3], np.int32)), r"'f\(0\)' is float64 \(3,\) and 'f\(1\)' is int32 \(3,\)"),
        ((np.zeros([3]), (np.zeros([3]),)), r"'f\(0\)' is float64 \(3,\) and 'f\(1\)' is \(float64 \(3,\),\)"),
        ((np.zeros([3]), None), r"candidate 'f\(1\)' is no tensor but None"),
        ((np.zeros([3]), object), r"candidate 'f\(1\)' is no tensor but <class 'object'>"),
    ],
)
def test_outputs_that_cannot_be_summed_are_an_error(outputs: Any, message: str, graph: Any) -> None:
    choices = [oneshot.candidate(f"f({i})", f"h/{i}", lambda inputs, i=i: outputs[i]) for i in range(2)]
    with pytest.raises(LayerError, match=rf"layer 'h' of block 'b': .*{message}"):
        oneshot.dropout_sum("b", "h", layer_choice=choices)


def test_unknown_dimensions_match(session: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 2])
    choices = [
        oneshot.candidate("f(0)", "h/0", lambda inputs: x),
        oneshot.candidate("f(1)", "h/1", lambda inputs: tf.ones([3, 2])),
    ]
    output = oneshot.dropout_sum("b", "h", layer_choice=choices)
    assert session.run(output, {x: np.ones([3, 2])}).tolist() == [[2, 2]] * 3


def test_inputs_that_cannot_be_stacked_are_listed(graph: Any) -> None:
    unlike = {"a": tf.zeros([3]), "b": tf.zeros([4])}
    concatenated = call(lambda inputs: tf.concat(inputs[1], 0), optional_inputs=unlike, optional_input_size=[0, 1])
    assert concatenated.shape == [7]


def test_inputs_that_are_no_tensors_are_an_error(graph: Any) -> None:
    with pytest.raises(LayerError, match="optional input 'a' is no tensor but None"):
        call(lambda inputs: None, optional_inputs={"a": None, "b": tf.zeros([4])}, optional_input_size=[0, 1])


def test_eager_execution_is_an_error_that_says_what_to_do() -> None:
    with tf.init_scope(), pytest.raises(RuntimeError, match=r"oneshot mode needs a TensorFlow graph"):
        call(lambda inputs: None)


@pytest.mark.parametrize("function", [oneshot.begin_evaluation, oneshot.end_evaluation, oneshot.get_next_parameter])
def test_what_is_no_session_is_an_error(function: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, {"h": (1, [])})
    with pytest.raises(TypeError, match="a TensorFlow session is needed here, not 'session'"):
        function("session")
