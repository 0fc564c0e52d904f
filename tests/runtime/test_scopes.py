"""A candidate's variables have the same names in every mode, so a supernet's checkpoint loads into its sub-graphs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nascompile_runtime import parameters
from nascompile_runtime.graph import classic, oneshot

v1 = tf.compat.v1
NAMES = ("conv(size=1)", "conv(size=3)", "pool()")
Layer = Callable[[Any, str], Any]


def candidate_functions(log: dict[str, list[str]]) -> dict[str, Callable[..., Any]]:
    """Candidates that make their variables in every usual way, and log their names."""

    def noted(name: str, variable: Any) -> Any:
        log.setdefault(name, []).append(variable.name)
        return variable

    def conv(inputs: list[Any], size: int) -> Any:
        name = f"conv(size={size})"
        w = noted(name, v1.get_variable("w", [], initializer=v1.constant_initializer(size), use_resource=True))
        b = noted(name, v1.Variable(1.0 * size, use_resource=True))
        b = b + noted(name, v1.Variable(1.0 * size, use_resource=True, name="bias"))
        with v1.variable_scope(None, default_name="dense"):
            c = noted(name, v1.get_variable("kernel", [], initializer=v1.ones_initializer(), use_resource=True))
        return inputs[0][0] * w + b + c

    def pool(inputs: list[Any]) -> Any:
        with v1.variable_scope("pool"):
            return inputs[0][0] + noted("pool()", v1.get_variable("w", [], use_resource=True))

    return {
        "conv(size=1)": lambda inputs: conv(inputs, 1),
        "conv(size=3)": lambda inputs: conv(inputs, 3),
        "pool()": pool,
    }


def plain(layer: Layer) -> None:
    h = layer(1.0, "h1")
    layer(h, "h2")


def loop(layer: Layer) -> None:
    h = 1.0
    for _ in range(3):
        h = layer(h, "h1")


def user_scope(layer: Layer) -> None:
    with v1.variable_scope("net"):
        h = layer(1.0, "h1")
    with v1.variable_scope("net"):
        h = layer(h, "h2")
    with v1.variable_scope(None, default_name="net"):
        h = layer(h, "h1")
    with v1.name_scope("names"):
        layer(h, "h1")


def reused_parent(layer: Layer) -> None:
    with v1.variable_scope("net") as scope:
        layer(1.0, "h1")
        layer(1.0, "h2")
    with v1.variable_scope("net", reuse=True):
        layer(2.0, "h1")
        layer(2.0, "h2")
    with v1.variable_scope(scope, reuse=True):
        layer(3.0, "h1")


def automatic_reuse(layer: Layer) -> None:
    for _ in range(3):
        with v1.variable_scope("net", reuse=v1.AUTO_REUSE):
            layer(1.0, "h1")
            layer(1.0, "h1")


def reuse_from_here(layer: Layer) -> None:
    layer(1.0, "h1")
    v1.get_variable_scope().reuse_variables()
    layer(2.0, "h1")


SITUATIONS = [plain, loop, user_scope, reused_parent, automatic_reuse, reuse_from_here]


def names_of(mode: Any, build: str, situation: Callable[[Layer], None]) -> dict[str, list[str]]:
    log: dict[str, list[str]] = {}
    functions = candidate_functions(log)

    def layer(x: Any, name: str) -> Any:
        candidates = [
            mode.candidate(each, f"{name}/{scope}", functions[each])
            for each, scope in zip(NAMES, ("conv_size_1", "conv_size_3", "pool"), strict=True)
        ]
        return getattr(mode, build)("b", name, layer_choice=candidates, fixed_inputs=[x])

    parameters.reset()
    with tf.Graph().as_default():
        situation(layer)
    return log


@pytest.mark.parametrize("situation", SITUATIONS)
def test_variables_have_the_same_names_in_classic_and_oneshot(
    situation: Callable[[Layer], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    everything = names_of(oneshot, "dropout_sum", situation)
    assert set(everything) == set(NAMES)
    for chosen in NAMES:
        choice = {"chosen_layer": chosen, "chosen_inputs": []}
        (tmp_path / "given.json").write_text(json.dumps({"b": {"h1": choice, "h2": choice}}))
        monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(tmp_path / "given.json"))
        assert names_of(classic, "sub_graph", situation) == {chosen: everything[chosen]}


def test_scope_is_that_of_the_compiler_under_the_users() -> None:
    assert names_of(oneshot, "dropout_sum", plain)["conv(size=3)"] == [
        "h1/conv_size_3/w:0",
        "h1/conv_size_3/Variable:0",
        "h1/conv_size_3/bias:0",
        "h1/conv_size_3/dense/kernel:0",
        "h2/conv_size_3/w:0",
        "h2/conv_size_3/Variable:0",
        "h2/conv_size_3/bias:0",
        "h2/conv_size_3/dense/kernel:0",
    ]
    assert names_of(oneshot, "dropout_sum", user_scope)["pool()"] == [
        "net/h1/pool/pool/w:0",
        "net/h2/pool/pool/w:0",
        "net_1/h1/pool/pool/w:0",
        "h1/pool/pool/w:0",
    ]


def test_layer_built_again_has_its_own_variables() -> None:
    assert names_of(oneshot, "dropout_sum", loop)["pool()"] == [
        "h1/pool/pool/w:0",
        "h1/pool_1/pool/w:0",
        "h1/pool_2/pool/w:0",
    ]


def test_candidates_that_are_not_built_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    architectures = [{"b": {"h1": {"chosen_layer": name}}} for name in ("conv(size=1)", "pool()")]
    (tmp_path / "given.json").write_text(json.dumps(architectures))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(tmp_path / "given.json"))

    def twice(layer: Layer) -> None:
        layer(1.0, "h1")
        classic.get_next_parameter()
        layer(1.0, "h1")

    assert names_of(classic, "sub_graph", twice)["pool()"] == names_of(oneshot, "dropout_sum", twice)["pool()"][1:]


@pytest.mark.parametrize("situation", [reused_parent, automatic_reuse, reuse_from_here])
def test_layer_built_again_under_reuse_finds_its_variables(situation: Callable[[Layer], None]) -> None:
    names = names_of(oneshot, "dropout_sum", situation)["pool()"]
    assert {name.removeprefix("net/") for name in names} <= {"h1/pool/pool/w:0", "h2/pool/pool/w:0"}
    assert len(names) > len(set(names))


def test_checkpoint_of_the_supernet_loads_into_each_sub_graph(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def build(mode: Any, function: str) -> Any:
        def dense(inputs: list[Any], units: int) -> Any:
            w = v1.get_variable("w", [4, units], use_resource=True)
            return inputs[0][0] @ w @ v1.Variable(tf.random.normal([units, 4]), use_resource=True)

        h = tf.constant([[1.0, 2.0, 3.0, 4.0]])
        for name in ("h1", "h2"):
            candidates = [mode.candidate(f"dense({units})", f"{name}/dense_{units}", dense, units) for units in (2, 3)]
            h = getattr(mode, function)("b", name, layer_choice=candidates, fixed_inputs=[h])
        return h

    choices = [{"b": {"h1": {"chosen_layer": one}, "h2": {"chosen_layer": two}}}
               for one in ("dense(2)", "dense(3)") for two in ("dense(2)", "dense(3)")]  # fmt: skip
    (tmp_path / "given.json").write_text(json.dumps(choices))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(tmp_path / "given.json"))
    expected = []
    with tf.Graph().as_default(), v1.Session() as session:
        output = build(oneshot, "dropout_sum")
        session.run(v1.global_variables_initializer())
        for _ in choices:
            oneshot.get_next_parameter(session)
            expected.append(session.run(output))
        v1.train.Saver().save(session, str(tmp_path / "supernet"), write_meta_graph=False)

    parameters.reset()
    for value in expected:
        classic.get_next_parameter()
        with tf.Graph().as_default(), v1.Session() as session:
            output = build(classic, "sub_graph")
            v1.train.Saver().restore(session, str(tmp_path / "supernet"))
            np.testing.assert_array_equal(session.run(output), value)


def test_classic_candidates_run_eagerly_too() -> None:
    def double(inputs: list[Any]) -> Any:
        return 2 * inputs[0][0]

    with tf.init_scope():
        assert tf.executing_eagerly()
        choices = [classic.candidate("double()", "h/double", double), classic.candidate("twice()", "h/twice", double)]
        assert float(classic.sub_graph("b", "h", layer_choice=choices, fixed_inputs=[tf.constant(3.0)])) == 6.0
