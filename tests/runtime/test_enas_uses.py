"""The many ways in which nets are trained: whatever the way, a step trains what was chosen, and only that."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, randomize, start, values_of
from tensorflow.python.training.experimental import loss_scale, loss_scale_optimizer

from nascompile_runtime.graph import enas

v1 = tf.compat.v1
BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [4, 3])

LEGACY_KERAS = """
import tensorflow as tf
from supernet import choose, layer, moved, start, values_of

v1 = tf.compat.v1


def build(inputs):
{build}


with tf.Graph().as_default(), v1.Session() as session:
    x = tf.random.normal([4, 3])
    h = layer({{"a": build, "b": build}}, x)
    loss = tf.reduce_mean(tf.sin(h)) + v1.losses.get_regularization_loss()
    with tf.control_dependencies(v1.get_collection(v1.GraphKeys.UPDATE_OPS)):
        step = v1.train.GradientDescentOptimizer(0.1).minimize(loss)
    start(session)
    for chosen, name in enumerate("ab"):
        choose(session, h=chosen)
        before = values_of(session)
        session.run(step)
        changed = moved(before, values_of(session))
        assert {{each.split("/")[1] for each in changed}} == {{name}}, changed
        assert {{each.split("/")[-1].split(":")[0] for each in changed}} == {expected}, changed
"""
FUNCTIONS = """
    h = v1.layers.dense(inputs[0][0], 3, kernel_regularizer=lambda w: tf.reduce_sum(w**2))
    return v1.layers.batch_normalization(h, training=True)
"""
CLASSES = """
    from tf_keras import layers
    h = layers.Dense(3, kernel_regularizer=lambda w: tf.reduce_sum(w**2))(inputs[0][0])
    return tf.reduce_mean(layers.Conv1D(2, 2, padding="same")(layers.LayerNormalization()(h)[:, :, None]), axis=-1)
"""

WAYS: dict[str, Callable[[Any], Any]] = {}


def way(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A way to build a net with a layer `h` of two dense candidates, and its training step."""
    WAYS[function.__name__] = function
    return function


def dense(inputs: Any) -> Any:
    return tf.tanh(tf.matmul(inputs[0][0], v1.get_variable("w", [3, 3])) + v1.get_variable("b", [3]))


def net(x: Any) -> Any:
    return layer({"a": dense, "b": dense}, x)


def loss_of(h: Any) -> Any:
    return tf.reduce_mean(tf.square(h - 0.5))


def adam() -> Any:
    return v1.train.AdamOptimizer(0.1)


def clip(pairs: Any) -> Any:
    gradients, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 1.0)
    return [(gradient, variable) for gradient, (_, variable) in zip(gradients, pairs, strict=True)]


def applied_in_cond(x: Any, change: Any = lambda pairs: pairs) -> Any:
    optimizer = adam()
    pairs = optimizer.compute_gradients(loss_of(net(x)))
    yes = v1.placeholder_with_default(True, [])
    return tf.cond(yes, lambda: tf.group(optimizer.apply_gradients(change(pairs))), tf.no_op)


@way
def apply_in_cond(x: Any) -> Any:
    return applied_in_cond(x)


@way
def clip_and_apply_in_cond(x: Any) -> Any:
    return applied_in_cond(x, clip)


@way
def clip_and_apply_in_cond_of_the_first_control_flow(x: Any) -> Any:
    v1.disable_control_flow_v2()
    try:
        return applied_in_cond(x, clip)
    finally:
        v1.enable_control_flow_v2()


@way
def apply_in_a_loop(x: Any) -> Any:
    optimizer = adam()
    pairs = optimizer.compute_gradients(loss_of(net(x)))

    def body(i: Any) -> Any:
        with tf.control_dependencies([optimizer.apply_gradients(pairs)]):
            return i + 1

    return tf.while_loop(lambda i: i < 2, body, [0])


@way
def a_train_step_in_cond(x: Any) -> Any:
    step = adam().minimize(loss_of(net(x)))

    def after() -> Any:
        with tf.control_dependencies([step]):
            return tf.constant(1)

    return tf.cond(v1.placeholder_with_default(True, []), after, lambda: 0)


@way
def a_loss_that_is_called(x: Any) -> Any:
    return adam().minimize(lambda: loss_of(net(x)))


@way
def a_scaled_loss(x: Any) -> Any:
    optimizer = loss_scale_optimizer.MixedPrecisionLossScaleOptimizer(adam(), loss_scale.DynamicLossScale())
    return optimizer.minimize(loss_of(net(x)))


@way
def averaged_gradients_of_towers(x: Any) -> Any:
    optimizer = adam()
    towers = []
    for reuse in (False, True):
        with v1.variable_scope("", reuse=reuse):
            towers.append(optimizer.compute_gradients(loss_of(net(x))))
    return optimizer.apply_gradients(
        [(tf.reduce_mean(tf.stack([one, other]), axis=0), v) for (one, v), (other, _) in zip(*towers, strict=True)]
    )


@way
def towers_aggregated_as_a_tree(x: Any) -> Any:
    losses = []
    for reuse in (False, True):
        with v1.variable_scope("", reuse=reuse):
            losses.append(loss_of(net(x)))
    return adam().minimize(tf.add_n(losses), aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE)


@way
def colocated_gradients(x: Any) -> Any:
    return adam().minimize(loss_of(net(x)), colocate_gradients_with_ops=True)


@way
def a_layer_on_another_device(x: Any) -> Any:
    def on(device: str) -> Any:
        def build(inputs: Any) -> Any:
            with tf.device(device):
                return dense(inputs) + 0.1 * v1.random_normal([3])

        return build

    with tf.device("/device:CPU:1"):
        h = layer({"a": on("/device:CPU:0"), "b": on("/device:CPU:1")}, x)
    return adam().minimize(loss_of(h))


@way
def control_dependencies_around(x: Any) -> Any:
    before = tf.cast(tf.constant(1.0) + v1.random_normal([]), tf.int32)
    with tf.control_dependencies([before]):
        h = net(x)
    with tf.control_dependencies([h]):
        return adam().minimize(loss_of(h))


@way
def a_recomputed_part(x: Any) -> Any:
    with v1.variable_scope("", reuse=v1.AUTO_REUSE):
        return adam().minimize(loss_of(tf.recompute_grad(net)(x)))


@way
def between_custom_gradients(x: Any) -> Any:
    sine = tf.custom_gradient(lambda z: (tf.sin(z), lambda dz: 7.0 * dz))
    return adam().minimize(loss_of(sine(net(sine(x)))))


@way
def moving_averages_of_the_weights(x: Any) -> Any:
    step = adam().minimize(loss_of(net(x)))
    with tf.control_dependencies([step]):
        return v1.train.ExponentialMovingAverage(0.5).apply(v1.trainable_variables())


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_a_step_trains_what_was_chosen(graph: Any, name: str) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    step = WAYS[name](x)
    with v1.Session(config=v1.ConfigProto(device_count={"CPU": 2})) as session:
        start(session)
        for chosen, candidate in enumerate("abab"):
            choose(session, h=chosen % 2)
            before = values_of(session)
            session.run(step, {x: BATCH})
            names = {each for each in moved(before, values_of(session)) if each.startswith("h/")}
            # A moving average goes on where a weight stays.
            names = {each for each in names if "ExponentialMovingAverage" not in each}
            slots = {f"h/{candidate}/{each}{slot}" for each in "wb" for slot in ("", "/Adam", "/Adam_1")}
            assert names == slots


def test_a_tape_records_what_gradients_are(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = loss_of(net(x) * v1.get_variable("head", [3]) + x)
    sources = [x, *v1.trainable_variables()]
    taped, plain = tape.gradient(loss, sources), tf.gradients(loss, sources)
    with v1.Session() as session:
        start(session)
        randomize(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            mine, expected = session.run([taped, plain], {x: BATCH})
            tf.nest.map_structure(np.testing.assert_allclose, mine, expected)
            assert [bool(each.any()) for each in mine] == [
                True,
                chosen == 0,
                chosen == 0,
                chosen == 1,
                chosen == 1,
                True,
            ]


def test_a_tape_records_optional_inputs_that_depend_on_each_other(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = net(x)
        candidates = {"a": lambda inputs: tf.sin(inputs[1][0]), "b": lambda inputs: tf.cos(inputs[1][0])}
        loss = loss_of(layer(candidates, key="k", optional_inputs={"x": x, "h": h}, optional_input_size=1))
    weights = v1.trainable_variables()[:2]
    by_hand = {0: tf.sin(x), 1: tf.sin(tf.tanh(tf.matmul(x, weights[0]) + weights[1]))}
    taped, expected = tape.gradient(loss, x), {key: tf.gradients(loss_of(y), x)[0] for key, y in by_hand.items()}
    with v1.Session() as session:
        start(session)
        for taken, by_hand_too in expected.items():
            choose(session, h=0, k=(0, (taken,)))
            np.testing.assert_allclose(*session.run([taped, by_hand_too], {x: BATCH}), rtol=1e-5, atol=1e-7)


def test_unconnected_gradients_may_be_zero(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    h = net(x)
    sources = [*v1.trainable_variables(), v1.get_variable("unused", [3]), x]
    gradients = tf.gradients(loss_of(h), sources, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            found = [bool(each.any()) for each in session.run(gradients, {x: BATCH})]
            assert found == [chosen == 0, chosen == 0, chosen == 1, chosen == 1, False, True]


def test_gradients_may_be_stopped_at_a_layer(graph: Any) -> None:
    h = net(v1.placeholder(tf.float32, [None, 3]))
    k = layer({"a": dense, "b": dense}, h, key="k")
    gradients = tf.gradients(loss_of(k), v1.trainable_variables(), stop_gradients=[h])
    assert [each is None for each in gradients] == [True] * 4 + [False] * 4


def test_one_layer_feeds_two_and_a_loss_goes_past_them(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    h = net(x)
    k = layer({"a": dense, "b": dense}, h, key="k")
    m = layer({"a": dense, "b": dense}, h + k, key="m")
    step = v1.train.GradientDescentOptimizer(0.1).minimize(loss_of(m + h + x))
    with v1.Session() as session:
        start(session)
        for first in (0, 1):
            choose(session, h=first, k=1 - first, m=first)
            before = values_of(session)
            session.run(step, {x: BATCH})
            names = zip("hkm", [first, 1 - first, first], strict=True)
            expected = {f"{key}/{'ab'[chosen]}/{each}" for key, chosen in names for each in "wb"}
            assert moved(before, values_of(session)) == expected
        assert session.run(h, {x: BATCH}).shape == (4, 3)


def test_a_ragged_input(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [12])
    y = layer(
        {
            "a": lambda inputs: inputs[0][0] * v1.get_variable("w", []),
            "b": lambda inputs: inputs[0][0] + v1.get_variable("w", []),
        },
        tf.RaggedTensor.from_row_lengths(x, [5, 7]),
    )
    gradients = tf.gradients(y.flat_values, [x, *v1.trainable_variables()])
    with v1.Session() as session:
        start(session)
        randomize(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            to_x, *to_weights = session.run(gradients, {x: np.ones(12)})
            assert to_x.all()
            assert to_weights == [12.0 * (chosen == 0), 12.0 * (chosen == 1)]


@pytest.mark.parametrize("kind", ["dense", "convolution and normalization"])
def test_keras_layers(graph: Any, kind: str) -> None:
    keras = pytest.importorskip("keras")

    def build(inputs: Any) -> Any:
        ((x,), _) = inputs
        if kind == "dense":
            return keras.layers.Dense(3)(x)
        x = keras.layers.Conv1D(3, 2, padding="same")(x[:, :, None])
        return tf.reduce_mean(keras.layers.LayerNormalization()(x), axis=-1)

    x = v1.placeholder(tf.float32, [4, 3])
    step = v1.train.GradientDescentOptimizer(0.1).minimize(loss_of(layer({"a": build, "b": build}, x)))
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            before = values_of(session)
            session.run(step, {x: BATCH})
            changed = moved(before, values_of(session))
            assert changed
            assert {name.split("/")[1] for name in changed} == {"ab"[chosen]}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (FUNCTIONS, {"kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"}),
        (CLASSES, {"kernel", "bias", "gamma", "beta"}),
    ],
    ids=["functions", "classes"],
)
def test_legacy_keras_layers(build: str, expected: set[str], tmp_path: Path) -> None:
    pytest.importorskip("tf_keras")
    script = tmp_path / "trial.py"
    script.write_text(LEGACY_KERAS.format(build=build, expected=expected))
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_random_operations_with_seeds(graph: Any) -> None:
    def noisy(seed: int) -> Any:
        return lambda inputs: inputs[0][0] + v1.random_uniform([3], seed=seed)

    x = tf.zeros([3])
    y = layer({"a": noisy(1), "b": noisy(2)}, x)
    alone = [noisy(seed)([[x], []]) for seed in (1, 2)]
    with v1.Session() as session:
        for chosen in (0, 1, 0, 1):  # one that is not chosen draws nothing, so it goes on where it was
            choose(session, h=chosen)
            np.testing.assert_array_equal(*session.run([y, alone[chosen]]))


class Writer:
    """A summary writer that keeps the tags."""

    def __init__(self) -> None:
        self.tags: list[str] = []

    def add_summary(self, summary: bytes, _: int) -> None:
        self.tags += [value.tag for value in v1.Summary.FromString(summary).value]

    def add_session_log(self, *_: Any) -> None:
        pass

    def flush(self) -> None:
        pass


def test_summaries_in_a_supervised_training(graph: Any, tmp_path: Path) -> None:
    def summarized(inputs: Any) -> Any:
        y = dense(inputs)
        v1.summary.scalar("norm", tf.norm(y))
        return y

    x = tf.constant(BATCH, tf.float32)
    loss = loss_of(layer({"a": summarized, "b": summarized}, x))
    counter = v1.train.get_or_create_global_step()
    step = adam().minimize(loss, counter)
    writer = Writer()
    hooks = [v1.train.SummarySaverHook(1, summary_writer=writer, summary_op=v1.summary.merge_all())]
    with v1.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path), hooks=hooks) as session:
        assert graph.finalized
        for _ in range(4):
            enas.get_next_parameter(session)
            session.run(step)
    assert tf.train.load_variable(str(tmp_path), "global_step") == 4
    assert [tag.split("/")[-1][:4] for tag in writer.tags] == ["norm"] * 4
