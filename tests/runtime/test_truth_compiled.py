"""From annotated source to numbers: what the compiler writes in each mode, run, against the same nets by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import handwritten
import numpy as np
import pytest
import tensorflow as tf
from handwritten import WEIGHTS, architectures, by_hand, load_weights, random_weights

from nascompile.api import analyse_source, compile_source
from nascompile.search_space import check_architecture
from nascompile_runtime import parameters

v1 = tf.compat.v1
ALL = list(architectures())
SOURCE = b'''
import tensorflow.compat.v1 as tf
from handwritten import dense, double, gate


def build(x):
    """@nni.mutable_layers(
        {layer_choice: [dense(), double()], fixed_inputs: [x], layer_output: h1},
        {
            layer_choice: [dense(), gate(power=2.0)],
            fixed_inputs: [h1],
            optional_inputs: [x, h1],
            optional_input_size: 1,
            layer_output: h2
        },
        {
            layer_choice: [double(), dense()],
            fixed_inputs: [h2],
            optional_inputs: [x, h1],
            optional_input_size: [0, 2],
            layer_output: h3
        }
    )"""
    return h3
'''
PLAIN = v1.ConfigProto()  # what runs once is not worth optimising
PLAIN.graph_options.rewrite_options.disable_meta_optimizer = True


def compiled(mode: str, architecture: dict[str, Any] | None = None) -> Any:
    """The `build` function of the source in a mode."""
    result = compile_source(SOURCE, path="net.py", module="net", mode=mode, architecture=architecture)
    assert result.output is not None, result.diagnostics
    names: dict[str, Any] = {}
    exec(compile(result.output, "net.py", "exec"), names)
    return names["build"]


def numbers(build: Any, weights: dict[str, Any], batch: Any) -> dict[str, Any]:
    """The output of a net in a graph of its own, and the gradients of its input and of the weights it has."""
    with tf.Graph().as_default(), v1.Session(config=PLAIN) as session:
        x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
        results = results_of(x, build(x))
        load_weights(session, weights)
        return session.run(results, {x: batch})  # type: ignore[no-any-return]


def results_of(x: Any, y: Any) -> dict[str, Any]:
    variables = v1.trainable_variables()
    *to_weights, to_x = tf.gradients(tf.reduce_mean(tf.square(y - 1.0)), [*variables, x])
    return {"y": y, "x": to_x} | {each.op.name: one for each, one in zip(variables, to_weights, strict=True)}


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        # Where TensorFlow optimises only one of the two, its fused kernels round otherwise: some units of the largest.
        np.testing.assert_allclose(found[name], value, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.fixture(scope="module")
def weights() -> dict[str, Any]:
    return random_weights(4)


@pytest.fixture(scope="module")
def batch() -> Any:
    return np.random.default_rng(5).normal(size=[5, handwritten.WIDTH]).astype("float32")


@pytest.fixture(scope="module")
def truth(weights: dict[str, Any], batch: Any) -> list[dict[str, Any]]:
    """What the hand-written sub-graphs give, for every architecture."""
    return [numbers(lambda x, one=one: by_hand(x, one), weights, batch) for one in ALL]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All architectures of the space, one a request."""
    path = tmp_path / "architectures.json"
    path.write_text(json.dumps(ALL))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
    parameters.reset()


def test_architectures_by_hand_are_the_search_space() -> None:
    space = analyse_source(SOURCE, module="net").search_space
    assert space.size() == len(ALL)
    assert [check_architecture(one, space) for one in ALL] == [[]] * len(ALL)


def test_fixed_equals_the_hand_written_sub_graph(
    truth: list[dict[str, Any]], weights: dict[str, Any], batch: Any
) -> None:
    for architecture, expected in zip(ALL, truth, strict=True):
        found = numbers(compiled("fixed", architecture), weights, batch)
        assert found.keys() == expected.keys()
        assert_same(found, expected)


@pytest.mark.usefixtures("given")
def test_classic_equals_the_hand_written_sub_graph(
    truth: list[dict[str, Any]], weights: dict[str, Any], batch: Any
) -> None:
    from nascompile_runtime.graph import classic

    build = compiled("classic")
    for expected in truth:
        classic.get_next_parameter()
        found = numbers(build, weights, batch)
        assert found.keys() == expected.keys()
        assert_same(found, expected)


@pytest.mark.parametrize("mode", ["enas", "oneshot", "darts"])
@pytest.mark.usefixtures("given", "graph")
def test_supernet_equals_the_hand_written_sub_graph(
    mode: str, truth: list[dict[str, Any]], weights: dict[str, Any], batch: Any
) -> None:
    from nascompile_runtime import graph

    x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
    results = results_of(x, compiled(mode)(x))
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        load_weights(session, weights)
        for expected in truth:
            getattr(graph, mode).get_next_parameter(session)
            found = session.run(results, {x: batch})
            assert found.keys() - {"x", "y"} == WEIGHTS.keys()
            assert_same(found, expected)
            for name in found.keys() - expected.keys():
                assert not found[name].any(), f"{name} was not chosen and has a gradient"


@pytest.mark.usefixtures("graph")
def test_oneshot_equals_the_hand_written_sum(
    weights: dict[str, Any], batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"r": 1e-9}))  # nothing is dropped, to float rounding
    parameters.reset()
    x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
    results = results_of(x, compiled("oneshot")(x))

    def by_sum(x: Any) -> Any:
        w = {each.op.name: each for each in v1.trainable_variables()}

        def dense(of: Any, name: str) -> Any:
            return tf.tanh(tf.matmul(of, w[f"{name}/dense/w"]) + w[f"{name}/dense/b"])

        h1 = dense(x, "h1") + 2.0 * x
        mixed = h1 + x + h1
        h2 = dense(mixed, "h2") + mixed * tf.sigmoid(2.0 * w["h2/gate_power_2_0/g"])
        mixed = h2 + x + h1
        return 2.0 * mixed + dense(mixed, "h3")

    expected = results_of(x, by_sum(x))
    with v1.Session() as session:
        load_weights(session, weights)
        found, hoped = session.run([results, expected], {x: batch})
    assert found.keys() == hoped.keys()
    for name, value in hoped.items():
        np.testing.assert_allclose(found[name], value, rtol=2e-3, atol=1e-4, err_msg=name)
