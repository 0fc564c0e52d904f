"""Layers of tf_keras without a name have the names of the sub-graph in every mode, so that checkpoints fit."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import warnings
import tensorflow as tf
from tf_keras import layers
from nascompile_runtime.graph import classic, darts, enas, oneshot

v1 = tf.compat.v1
v1.disable_eager_execution()
mode, function, kind = sys.argv[1:]
mode = {"classic": classic, "darts": darts, "enas": enas, "oneshot": oneshot}[mode]

def one(inputs):
    return layers.Dense(3)(inputs[0][0])

def two(inputs):
    return layers.Dense(3)(layers.Dense(3)(inputs[0][0]))

def other(inputs):
    return layers.Dense(3, activation="tanh")(inputs[0][0])

x = v1.placeholder(tf.float32, [None, 3])
h = x
for key in ("h", "k"):
    functions = {"one": one, kind: globals()[kind]}
    candidates = [mode.candidate(name, f"{key}/{name}", each) for name, each in functions.items()]
    h = getattr(mode, function)("net", key, layer_choice=candidates, fixed_inputs=[h])
    warnings.simplefilter("always")
layers.Dense(1)(h)
print(" ".join(each.op.name for each in v1.global_variables() if "kernel" in each.op.name))
"""
MODES = [("classic", "sub_graph"), ("enas", "conditional"), ("oneshot", "dropout_sum"), ("darts", "weighted_sum")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "function"), MODES)
def test_names_of_keras_layers_are_those_of_the_sub_graph(mode: str, function: str) -> None:
    done = run(mode, function, "other")
    names = [f"{scope}/{name}/kernel" for scope, name in (("h/one", "dense"), ("h/other", "dense"))]
    names += ["k/one/dense_1/kernel", "k/other/dense_1/kernel", "dense_2/kernel"]
    made = done.stdout.split()
    assert made == (names if mode != "classic" else [name for name in names if name in made])
    assert len(made) == (3 if mode == "classic" else 5)
    assert "depends on" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "function"), MODES[1:])
def test_a_name_that_depends_on_the_choice_is_told(mode: str, function: str) -> None:
    assert "gets the name dense_2, which depends on the choice in layer 'h'" in run(mode, function, "two").stderr
