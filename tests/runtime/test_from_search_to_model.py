"""From search to model, on handwritten digits: train a supernet, derive, compile the best to code, load the weights.

The model has at once the score that deriving gave it, in mode fixed and in classic, for every architecture of the
ranking: whatever names the weights, batch normalisation, a scope around the layers, a second tower that shares them.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner
from sklearn.datasets import load_digits

from nascompile.cli import program
from nascompile_runtime import parameters

v1 = tf.compat.v1
MODES = ["enas", "oneshot", "darts"]
SOURCE = '''
import tensorflow.compat.v1 as tf


def batch_norm(x, training):
    width = x.get_shape().as_list()[-1]
    mean = tf.get_variable("mean", [width], initializer=tf.zeros_initializer(), trainable=False)
    variance = tf.get_variable("variance", [width], initializer=tf.ones_initializer(), trainable=False)
    if training:
        now = tf.nn.moments(x, axes=[0])
        for average, value in zip((mean, variance), now):
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_sub(average, 0.1 * (average - value)))
        return (x - now[0]) * tf.rsqrt(now[1] + 1e-3)
    return (x - mean) * tf.rsqrt(variance + 1e-3)


def merge(inputs):
    fixed, optional = inputs
    return tf.reduce_sum(fixed, axis=0) + tf.reduce_sum(optional, axis=0)


def stem(inputs, units):
    ((x,), _) = inputs
    weights = tf.Variable(tf.truncated_normal([64, units], stddev=0.1, seed=units), name="weights")
    return tf.nn.relu(tf.matmul(x, weights))


def dense(inputs, training, activation=tf.nn.relu):
    w = tf.get_variable("w", [16, 16], initializer=tf.glorot_uniform_initializer(seed=1))
    return activation(batch_norm(tf.matmul(merge(inputs), w), training))


def same(inputs):
    return merge(inputs)


def build(x, training):
    """@nni.mutable_layers(
        {
            layer_choice: [dense(training), dense(training, activation=tf.tanh)],
            fixed_inputs: [x],
            layer_output: first
        },
        {
            layer_choice: [same(), dense(training)],
            fixed_inputs: [first],
            layer_output: second
        }
    )"""
    # @nni.mutable_layer(layer_choice=[same(), dense(training)], fixed_inputs=[second],
    #                    optional_inputs=[first, second], optional_input_size=1)
    third = same([[second], [first]])
    # @nni.mutable_layer(layer_choice=[dense(training), same()], fixed_inputs=[third],
    #                    optional_inputs=[first, second], optional_input_size=[0, 2])
    fourth = same([[third], []])
    with tf.variable_scope("classifier"):
        return tf.matmul(fourth, tf.get_variable("w", [16, 10], initializer=tf.glorot_uniform_initializer(seed=2)))


class Net:
    def __init__(self):
        self.images = tf.placeholder(tf.float32, [None, 64])
        self.labels = tf.placeholder(tf.int64, [None])
        # @nni.mutable_layer(layer_choice=[stem(units=16), stem(16)], fixed_inputs=[self.images])
        x = stem([[self.images], []], units=16)
        with tf.variable_scope("net"):
            logits = build(x, True)
        with tf.variable_scope("net", reuse=True):
            self.logits = build(x, False)
        training_loss = tf.losses.sparse_softmax_cross_entropy(self.labels, logits)
        self.loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.labels, logits=self.logits))
        self.accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(self.logits, 1), self.labels), tf.float32))
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            self.train = tf.train.AdamOptimizer(0.01).minimize(training_loss)


def search(session, net, batches, valid):
    session.run(tf.global_variables_initializer())
    for images, labels in batches:
        feed = {net.images: images, net.labels: labels}
        """@nni.training_update(session=session, loss=net.loss, feed_dict=feed)"""
        session.run(net.train, feed)
    """@nni.derive(session=session, metric={"default": net.loss, "accuracy": net.accuracy}, samples=20, top=3,
                   feed_dict=[{net.images: images, net.labels: labels} for images, labels in valid])"""
'''
DIGITS = load_digits()
IMAGES, LABELS = (DIGITS.data / 16).astype("float32"), DIGITS.target
BATCHES = [(IMAGES[start : start + 64], LABELS[start : start + 64]) for start in range(0, 1280, 64)]
VALID = [(IMAGES[1280:1500], LABELS[1280:1500]), (IMAGES[1500:], LABELS[1500:])]
PLAIN = v1.ConfigProto()  # the same kernels whatever is around them
PLAIN.graph_options.rewrite_options.disable_meta_optimizer = True


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"optimize_mode": "minimize"}')
    Path("trial.py").write_text(SOURCE)


@contextmanager
def variables(resource: bool) -> Iterator[None]:
    """Variables as TensorFlow 2 makes them, or as `disable_v2_behavior()` does."""
    if not resource:
        v1.disable_resource_variables()
    try:
        yield
    finally:
        v1.enable_resource_variables()


def compiled(*arguments: str) -> Any:
    """What the command line makes of the trial, run as a module."""
    run = CliRunner().invoke(program, ["trial.py", *arguments, "-o", "out.py"])
    assert run.exit_code == 0, run.output
    names: dict[str, Any] = {"__name__": "trial"}
    exec(compile(Path("out.py").read_text(), "trial.py", "exec"), names)
    return names


def search(mode: str, config: Any) -> list[dict[str, Any]]:
    """Train a supernet and derive: the ranking, with the weights in the checkpoint `supernet`."""
    trial = compiled("--mode", mode)
    with tf.Graph().as_default(), v1.Session(config=config) as session:
        net = trial["Net"]()
        trial["search"](session, net, BATCHES * 3, VALID)
        v1.train.Saver().save(session, "./supernet")
    parameters.reset()
    ranking: list[dict[str, Any]] = json.loads(Path("architectures.json").read_text())
    assert len(ranking) == 3
    return ranking


def score(trial: Any, config: Any) -> tuple[float, float]:
    """The loss and accuracy of a model that starts from the weights of the supernet, all that it has."""
    with tf.Graph().as_default(), v1.Session(config=config) as session:
        net = trial["Net"]()
        v1.train.Saver().restore(session, "./supernet")
        losses, accuracies = zip(
            *(session.run([net.loss, net.accuracy], {net.images: x, net.labels: y}) for x, y in VALID), strict=True
        )
    return statistics.fmean(map(float, losses)), statistics.fmean(map(float, accuracies))


@pytest.mark.slow
@pytest.mark.parametrize("resource", [True, False], ids=["resource", "reference"])
@pytest.mark.parametrize("mode", MODES)
def test_derived_model_has_the_score_it_was_given(
    mode: str, resource: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with variables(resource):
        ranking = search(mode, PLAIN)
        shown = capsys.readouterr().out
        assert ranking[0]["score"] < 2.0, "it has learned something: guessing is 2.3"
        for rank, entry in enumerate(ranking, 1):
            fixed = compiled("--mode", "fixed", "--arch", f"architectures.json#{rank}")
            assert "nascompile" not in Path("out.py").read_text()
            loss, accuracy = score(fixed, PLAIN)
            assert loss == entry["score"]
            assert f"{rank:3}  {loss:.6g} (accuracy {accuracy:.6g})" in shown
            monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", f"architectures.json#{rank}")
            assert score(compiled("--mode", "classic"), PLAIN) == (loss, accuracy)
            monkeypatch.delenv("NASCOMPILE_ARCHITECTURE")
            parameters.reset()


@pytest.mark.parametrize("mode", MODES)
def test_it_has_the_score_to_rounding_where_tensorflow_optimises(mode: str) -> None:
    ranking = search(mode, None)
    loss, _ = score(compiled("--mode", "fixed", "--arch", "architectures.json"), None)
    np.testing.assert_allclose(loss, ranking[0]["score"], rtol=1e-5)
