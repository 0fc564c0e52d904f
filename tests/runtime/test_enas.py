"""The supernet as users meet it: loading architectures into sessions of every kind, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, start

from nascompile_runtime import parameters
from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.graph import enas
from nascompile_runtime.layer import LayerError

v1 = tf.compat.v1


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the trial a list of architectures, each by the candidates of its layers."""

    def give(*architectures: dict[str, str]) -> None:
        listed = [
            {"net": {key: {"chosen_layer": f"{name}()", "chosen_inputs": []} for key, name in architecture.items()}}
            for architecture in architectures
        ]
        path = tmp_path / "architectures.json"
        path.write_text(json.dumps(listed))
        monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
        parameters.reset()

    return give


def numbers(*layers: str) -> list[Any]:
    """Layers of three candidates that give 0, 1 and 2."""
    return [layer({name: _constant(number) for number, name in enumerate("abc")}, key=key) for key in layers]


def _constant(number: int) -> Any:
    return lambda inputs: tf.constant(number)


class Symbol:
    """Says at length why it is no tensor, as those of Keras do."""

    def __tf_tensor__(self, dtype: Any, name: Any) -> Any:
        raise ValueError("give me to a layer\nThat is written so:\n...")


class Calls(v1.Session):  # type: ignore[misc]
    """A session that counts its calls."""

    count = 0

    def run(self, *args: Any, **kwargs: Any) -> Any:
        self.count += 1
        return super().run(*args, **kwargs)


def test_architectures_are_loaded_in_turn(graph: Any, given: Any) -> None:
    given({"h1": "b", "h2": "a"}, {"h1": "c", "h2": "b"})
    layers = numbers("h1", "h2")
    with v1.Session() as session:
        assert session.run(layers) == [1, 0]  # building and running have consumed nothing
        for expected in ([1, 0], [2, 1], [1, 0]):
            enas.get_next_parameter(session)
            assert session.run(layers) == expected
        enas.get_next_parameter()
        assert session.run(layers) == [1, 0]  # taken, and loaded with the next session
        enas.training_update(tf=tf, session=session, loss=None, feed_dict=None)
        assert session.run(layers) == [2, 1]
        enas.training_update()
        assert session.run(layers) == [1, 0]


def test_without_a_list_it_starts_on_the_first_candidates(graph: Any) -> None:
    layers = numbers("h1", "h2")
    with v1.Session() as session:
        assert session.run(layers) == [0, 0]


def test_standalone_every_candidate_comes_up(graph: Any) -> None:
    layers = numbers("h")
    with v1.Session() as session:
        seen = set()
        for _ in range(40):
            enas.get_next_parameter(session)
            seen.add(session.run(layers)[0])
    assert seen == {0, 1, 2}


def test_forty_layers_take_one_session_call(graph: Any, given: Any) -> None:
    names = [f"h{number}" for number in range(40)]
    given(dict.fromkeys(names, "c"))
    layers = numbers(*names)
    with Calls() as session:
        enas.get_next_parameter(session)
        assert session.count == 1
        assert session.run(layers) == [2] * 40


def test_a_finalized_graph(graph: Any, given: Any) -> None:
    given({"h": "b"})
    layers = numbers("h")
    graph.finalize()
    with v1.Session() as session:
        enas.get_next_parameter(session)
        assert session.run(layers) == [1]


def test_a_monitored_session_runs_no_hooks_for_it(graph: Any, given: Any) -> None:
    class Steps(v1.train.SessionRunHook):  # type: ignore[misc]
        count = 0

        def before_run(self, _: Any) -> None:
            self.count += 1

    given({"h": "b"})
    (h,) = numbers("h")
    step = v1.train.get_or_create_global_step().assign_add(1)
    hook = Steps()
    with v1.train.MonitoredTrainingSession(hooks=[hook, v1.train.StopAtStepHook(2)]) as session:
        for expected in (1, 2):
            enas.get_next_parameter(session)
            assert session.run([h, step]) == [1, expected]
        assert hook.count == 2
        assert session.should_stop()


def test_two_sessions_of_one_graph_have_their_own_choices(graph: Any) -> None:
    (h,) = numbers("h")
    with v1.Session() as first, v1.Session() as second:
        choose(first, h=1)
        choose(second, h=2)
        assert (first.run(h), second.run(h)) == (1, 2)


def test_two_graphs(given: Any) -> None:
    given({"h": "b", "k": "c"})
    with tf.Graph().as_default(), v1.Session() as first:
        (h,) = numbers("h")
        with tf.Graph().as_default(), v1.Session() as second:
            (k,) = numbers("k")
            enas.get_next_parameter(second)
            assert (first.run(h), second.run(k)) == (1, 2)


def test_signals_stand_in_no_collection(graph: Any, tmp_path: Path) -> None:
    def candidate(inputs: Any) -> Any:
        return v1.get_variable("w", [])

    y = layer({"a": candidate, "b": candidate})
    assert {
        name for name in graph.collections if any("enas" in str(each) for each in graph.get_collection(name))
    } == set()
    saver = v1.train.Saver()
    with v1.Session() as session:
        start(session)
        choose(session, h=1)
        path = saver.save(session, str(tmp_path / "model"))
        w = session.run(y)
        choose(session, h=0)
        saver.restore(session, path)
        assert session.run(y) != w
    assert [name for name, _ in tf.train.list_variables(path)] == ["h/a/w", "h/b/w"]


def test_an_exported_graph_can_be_imported(graph: Any, tmp_path: Path) -> None:
    def scale(inputs: Any) -> Any:
        return inputs[0][0] * v1.get_variable("w", [3])

    x = v1.placeholder(tf.float32, [3], name="x")
    tf.identity(layer({"a": scale, "b": scale}, x), name="y")
    with v1.Session() as session:
        start(session)
        path = v1.train.Saver().save(session, str(tmp_path / "model"))
        expected = session.run("y:0", {"x:0": np.ones(3)})
    with tf.Graph().as_default(), v1.Session() as session:
        v1.train.import_meta_graph(f"{path}.meta").restore(session, path)
        np.testing.assert_array_equal(session.run("y:0", {"x:0": np.ones(3)}), expected)


def test_reference_variables_of_disable_v2_behavior(graph: Any) -> None:
    x = tf.constant([1.0, 2.0])
    v1.disable_resource_variables()
    try:
        outer = v1.Variable([2.0, 3.0], name="outer")
        y = layer({"a": lambda _: x * v1.Variable([4.0, 5.0]), "b": lambda _: x * outer, "c": lambda _: outer})
        gradients = tf.gradients(y, v1.trainable_variables())
        step = v1.train.GradientDescentOptimizer(0.5).minimize(y)
    finally:
        v1.enable_resource_variables()
    assert outer.dtype.name == "float32_ref"
    with v1.Session() as session:
        start(session)
        for chosen, expected in enumerate(
            [[[0.0, 0.0], [1.0, 2.0]], [[1.0, 2.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]]
        ):
            choose(session, h=chosen)
            np.testing.assert_array_equal(session.run(gradients), expected)
        before = session.run(outer)
        session.run(step)
        np.testing.assert_array_equal(session.run(outer), before - [0.5, 0.5])


def test_a_single_candidate_is_no_conditional(graph: Any) -> None:
    x = tf.constant([1.0])
    assert layer({"only": lambda inputs: inputs[0][0]}, x) is x
    with v1.Session() as session:
        enas.get_next_parameter(session)


def test_a_session_of_a_graph_without_layers(graph: Any) -> None:
    with v1.Session() as session:
        enas.get_next_parameter(session)


def test_what_is_no_session(graph: Any) -> None:
    numbers("h")
    with pytest.raises(TypeError, match="a TensorFlow session is needed"):
        enas.get_next_parameter("session")  # type: ignore[arg-type,unused-ignore]
    with pytest.raises(ValueError, match="training_update needs the session"):
        enas.training_update()


def test_loss_alone_is_told_to_darts_and_loads_nothing(graph: Any) -> None:
    (h,) = numbers("h")
    enas.training_update(loss=h)
    assert parameters.trial().current is None
    with pytest.raises(ValueError, match="training_update needs the session"):
        enas.training_update(loss=h, feed_dict={})


def test_an_architecture_that_does_not_fit(graph: Any, given: Any) -> None:
    given({"h": "a"}, {"h": "d"})
    (h,) = numbers("h")
    with v1.Session() as session:
        enas.get_next_parameter(session)
        with pytest.raises(ArchitectureError, match=r"'h'.*'d\(\)'"):
            enas.get_next_parameter(session)
        assert session.run(h) == 0


def test_results_name_the_architecture(graph: Any, given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "results.jsonl"))
    given({"h": "b"}, {"h": "c"})
    numbers("h")
    with v1.Session() as session:
        for accuracy in (0.5, 0.75):
            enas.get_next_parameter(session)
            enas.report_intermediate_result(accuracy / 2)
            enas.report_final_result(accuracy)
    lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert len(lines) == 4
    assert [line["architecture"]["net"]["h"]["chosen_layer"] for line in lines] == ["b()", "b()", "c()", "c()"]


@pytest.mark.parametrize("first_control_flow", [False, True])
@pytest.mark.parametrize("where", ["while_loop", "cond", "function", "map"])
def test_a_layer_inside_of_a_loop_or_function_is_refused(graph: Any, where: str, first_control_flow: bool) -> None:
    def build(_: Any = None) -> Any:
        return tf.cast(numbers("h")[0], tf.int32)

    builders = {
        "while_loop": lambda: tf.while_loop(lambda i: i < 3, lambda i: i + build(), [0]),
        "cond": lambda: tf.cond(v1.placeholder(tf.bool, []), build, build),
        "function": lambda: tf.function(build, autograph=False)(),
        "map": lambda: tf.data.Dataset.range(3).map(build),
    }
    if first_control_flow:
        v1.disable_control_flow_v2()
    try:
        with pytest.raises(RuntimeError, match=r"layer 'h' of block 'net'.*cannot stand inside"):
            builders[where]()
    finally:
        v1.enable_control_flow_v2()


def test_without_a_graph() -> None:
    with pytest.raises(RuntimeError, match="needs a TensorFlow graph"):
        numbers("h")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            lambda x: tf.cast(x, tf.int32),
            r"differ in dtype: 'a\(\)' gives float32 \[\?, 3\], 'b\(\)' gives int32 \[\?, 3\]",
        ),
        (lambda x: x[:, :2], r"differ in shape: 'a\(\)' gives float32 \[\?, 3\], 'b\(\)' gives float32 \[\?, 2\]"),
        (
            lambda x: (x, x),
            r"differ in structure: .* 'b\(\)' gives a tuple of float32 \[\?, 3\], float32 \[\?, 3\]",
        ),
        (lambda x: None, r"differ in structure: .* 'b\(\)' gives None"),
        (lambda x: object(), r"candidate 'b\(\)' returns <object object at .*>, which is no tensor"),
        (lambda x: Symbol(), r"candidate 'b\(\)' returns .*, which is no tensor: give me to a layer\Z"),
    ],
)
def test_outputs_that_are_not_alike(graph: Any, other: Any, message: str) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    with pytest.raises(LayerError, match=f"layer 'h' of block 'net': .*{message}"):
        layer({"a": lambda inputs: inputs[0][0], "b": lambda inputs: other(inputs[0][0])}, x)


def test_unknown_dimensions_fit_all(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    y = layer(
        {
            "a": lambda inputs: inputs[0][0],
            "b": lambda inputs: tf.ones([2, 3]),
            "c": lambda _: v1.placeholder_with_default(np.ones([2, 3], "float32"), None),
        },
        x,
    )
    assert y.shape.rank is None
    z = layer({"a": lambda inputs: inputs[0][0], "b": lambda inputs: tf.ones([2, 3])}, x, key="z")
    assert z.shape.as_list() == [None, 3]
