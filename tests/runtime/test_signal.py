"""Signals: read like constants, set in one session call, known to nobody else."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nascompile_runtime.graph.signal import find_signal, signal_of

v1 = tf.compat.v1


def test_signal_never_loaded_reads_its_defaults_without_an_initializer(graph: Any) -> None:
    one = signal_of("s", tf.int32).slot("one", [1, 2])
    two = signal_of("s", tf.int32).slot("two", [3])
    graph.finalize()
    with v1.Session() as session:
        assert [value.tolist() for value in session.run([one, two])] == [[1, 2], [3]]


@pytest.mark.parametrize("dtype", [tf.int32, tf.float32])
def test_all_slots_are_loaded_in_one_session_call_on_a_finalized_graph(graph: Any, dtype: Any) -> None:
    signal = signal_of("s", dtype)
    slots = [signal.slot(number, [0, 1]) for number in range(40)]
    graph.finalize()

    class CountingSession(v1.Session):  # type: ignore[misc, name-defined]
        runs = 0

        def run(self, *args: Any, **kwargs: Any) -> Any:
            self.runs += 1
            return super().run(*args, **kwargs)

    with CountingSession() as session:
        signal.load(session, {number: [1, number % 2] for number in range(40)})
        assert session.runs == 1
        expected = [[1, number % 2] for number in range(40)]
        assert np.array_equal(session.run(slots), np.array(expected, dtype.as_numpy_dtype))


def test_slots_that_are_not_given_go_back_to_their_defaults(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    one, two = signal.slot("one", [1]), signal.slot("two", [2])
    with v1.Session() as session:
        signal.load(session, {"one": [7], "two": [8]})
        signal.load(session, {"two": [9]})
        assert session.run([one, two]) == [[1], [9]]


def test_slot_made_after_a_load_reads_its_default(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    one = signal.slot("one", [1])
    with v1.Session() as session:
        signal.load(session, {"one": [7]})
        two = signal.slot("two", [2, 3])
        assert [value.tolist() for value in session.run([one, two])] == [[7], [2, 3]]
        signal.load(session, {"two": [8, 9]})
        assert [value.tolist() for value in session.run([one, two])] == [[1], [8, 9]]


def test_slot_of_a_key_is_made_once(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    assert signal.slot("one", [1]) is signal.slot("one", [1])
    assert signal_of("s", tf.int32) is signal
    assert signal.keys == ["one"]


def test_two_sessions_have_their_own_values(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    slot = signal.slot("one", [1])
    with v1.Session() as one, v1.Session() as other, v1.Session() as third:
        signal.load(one, {"one": [5]})
        signal.load(other, {"one": [6]})
        assert [int(session.run(slot)[0]) for session in (one, other, third)] == [5, 6, 1]


def test_two_graphs_have_their_own_signals() -> None:
    values = []
    for number in (1, 2):
        with tf.Graph().as_default(), v1.Session() as session:
            slot = signal_of("s", tf.int32).slot("one", [number])
            found = find_signal(session, "s")
            assert found is not None
            values.append(session.run(slot)[0])
            found.load(session, {"one": [10 * number]})
            values.append(session.run(slot)[0])
    assert values == [1, 10, 2, 20]


def test_session_of_another_graph_is_an_error(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    with tf.Graph().as_default(), v1.Session() as session:
        assert find_signal(session, "s") is None
        with pytest.raises(ValueError, match="another graph"):
            signal.load(session, {})


def test_values_that_fit_no_slot_are_an_error(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    signal.slot("one", [1, 2])
    with v1.Session() as session:
        with pytest.raises(ValueError, match="no slot 'two'"):
            signal.load(session, {"two": [1]})
        with pytest.raises(ValueError, match="slot 'one' of the signal holds 2 numbers, not 1"):
            signal.load(session, {"one": [1]})


@pytest.mark.parametrize("thing", [None, 3, "session", tf])
def test_what_is_no_session_is_an_error(thing: Any) -> None:
    with pytest.raises(TypeError, match="a TensorFlow session is needed here"):
        find_signal(thing, "s")


def test_signals_stand_in_no_collection_and_no_checkpoint(graph: Any, tmp_path: Any) -> None:
    signal = signal_of("s", tf.int32)
    slot = signal.slot("one", [1])
    assert graph.get_all_collection_keys() == []
    v1.Variable(1.0, name="weight", use_resource=True)
    saver = v1.train.Saver()
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        signal.load(session, {"one": [5]})
        path = saver.save(session, str(tmp_path / "model"), write_meta_graph=False)
        assert [name for name, _ in tf.train.list_variables(path)] == ["weight"]
        signal.load(session, {"one": [6]})
        saver.restore(session, path)
        session.run(v1.global_variables_initializer())
        assert session.run(slot) == [6]


def test_hooks_of_a_monitored_session_do_not_run_for_a_load(graph: Any) -> None:
    class CountingHook(v1.train.SessionRunHook):  # type: ignore[misc, name-defined]
        runs = 0

        def before_run(self, run_context: Any) -> None:
            self.runs += 1

    signal = signal_of("s", tf.int32)
    slot = signal.slot("one", [1])
    v1.train.create_global_step()
    hook = CountingHook()
    with v1.train.MonitoredTrainingSession(hooks=[hook]) as session:
        assert find_signal(session, "s") is signal
        signal.load(session, {"one": [5]})
        assert hook.runs == 0
        assert session.run(slot) == [5]
        assert hook.runs == 1


def test_names_of_the_user_stay_as_they_are(graph: Any) -> None:
    with v1.name_scope("net"), v1.variable_scope("scope"), tf.control_dependencies([tf.no_op()]):
        slot = signal_of("s", tf.int32).slot("one", [1])
    assert slot.name.startswith("nascompile/")
    assert all(not each.name.startswith("net/") for each in graph.get_operations() if each.type != "NoOp")
    assert all(not each.control_inputs for each in graph.get_operations())


def test_slot_made_in_a_loop_lies_outside_of_it(graph: Any) -> None:
    signal = signal_of("s", tf.int32)
    total = tf.while_loop(lambda i: i < 20, lambda i: [i + signal.slot("step", [5])[0]], [tf.constant(0)])
    with v1.Session() as session:
        signal.load(session, {"step": [7]})
        assert session.run(total) == [21]


def test_eager_execution_is_an_error_that_says_what_to_do() -> None:
    with tf.init_scope(), pytest.raises(RuntimeError, match=r"s mode needs a TensorFlow graph: .*tf\.Graph"):
        signal_of("s", tf.int32)


def test_signal_does_not_keep_its_graph_alive() -> None:
    with tf.Graph().as_default() as graph:
        signal_of("s", tf.int32).slot("one", [1])
    alive = weakref.ref(graph)
    del graph
    gc.collect()
    assert alive() is None


def test_signal_needs_no_switch_of_the_user() -> None:
    for switch_off, switch_on in (
        (v1.disable_resource_variables, v1.enable_resource_variables),
        (v1.disable_control_flow_v2, v1.enable_control_flow_v2),
    ):
        switch_off()
        try:
            with tf.Graph().as_default(), v1.Session() as session:
                signal = signal_of("s", tf.int32)
                slot = signal.slot("one", [1])
                assert session.run(slot) == [1]
                signal.load(session, {"one": [5]})
                assert session.run(slot) == [5]
        finally:
            switch_on()
