"""A layer of a single candidate is plain TensorFlow, and yet does not run where nobody chose its output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, moved, randomize, start, values_of

v1 = tf.compat.v1
BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [4, 3])
X, H, K = (0, (0,)), (0, (1,)), (0, (2,))
"""Choices of a layer `m` with one candidate: the input x, the layer h, the layer k."""


def dense(inputs: Any) -> Any:
    """A layer with batch statistics, a penalty and a summary."""
    x = inputs[0][0] if inputs[0] else inputs[1][0]
    mean, moving = tf.reduce_mean(x, axis=0), v1.get_variable("moving", [3], trainable=False)
    v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, moving.assign_sub(0.1 * (moving - mean), read_value=False))
    w = v1.get_variable("w", [3, 3], regularizer=lambda w: 0.1 * tf.reduce_sum(w**2))
    v1.summary.scalar("size", tf.norm(w))
    return tf.tanh(tf.matmul(x - mean, w) + x)


def single(key: str, *fixed: Any, build: Callable[[Any], Any] = dense, **optional: Any) -> Any:
    size = {"optional_input_size": 1} if optional else {}
    return layer({"only": build}, *fixed, key=key, optional_inputs=optional, **size)


def train(loss: Any, clipped: bool = False) -> Any:
    """A step of Adam on the loss, with penalties and updates."""
    optimizer = v1.train.AdamOptimizer(0.1)
    losses = v1.get_collection(v1.GraphKeys.REGULARIZATION_LOSSES)
    with tf.control_dependencies(v1.get_collection(v1.GraphKeys.UPDATE_OPS)):
        pairs = [pair for pair in optimizer.compute_gradients(loss + tf.add_n([0.0, *losses])) if pair[0] is not None]
        if clipped:
            gradients, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 0.5)
            pairs = [(gradient, variable) for gradient, (_, variable) in zip(gradients, pairs, strict=True)]
        return optimizer.apply_gradients(pairs)


def loss_of(h: Any) -> Any:
    return tf.reduce_mean(tf.square(h - 0.5))


def trained(session: Any, step: Any, x: Any, **choices: Any) -> set[str]:
    """The layers that a step moves: weights, slots and statistics of each, or nothing."""
    choose(session, **choices)
    before = values_of(session)
    session.run(step, {x: BATCH})
    names = {name for name in moved(before, values_of(session)) if "power" not in name}
    layers = {name.split("/")[0] for name in names}
    assert names == {f"{each}/only/{name}" for each in layers for name in ("moving", "w", "w/Adam", "w/Adam_1")}
    return layers


@pytest.mark.parametrize("clipped", [False, True])
def test_a_step_is_a_step_of_the_sub_graph(clipped: bool) -> None:
    choices = [X, H, X, K, K, H, X]

    def by_hand(key: str, x: Any) -> Any:
        with v1.variable_scope(f"{key}/only", reuse=v1.AUTO_REUSE):
            return dense([[x], []])

    paths: dict[Any, Callable[[Any], Any]] = {
        X: lambda x: by_hand("m", x),
        H: lambda x: by_hand("m", by_hand("h", x)),
        K: lambda x: by_hand("m", by_hand("k", by_hand("h", x))),
    }
    expected: list[Any] = []
    values: dict[str, Any] = {}
    for number, choice in enumerate(choices):
        with tf.Graph().as_default(), v1.Session() as session:
            x = v1.placeholder(tf.float32, [None, 3])
            paths[K](x)  # makes all variables
            for collection in (v1.GraphKeys.UPDATE_OPS, v1.GraphKeys.REGULARIZATION_LOSSES):
                v1.get_default_graph().clear_collection(collection)
            y = paths[choice](x)
            losses = v1.get_collection_ref(v1.GraphKeys.REGULARIZATION_LOSSES)
            used = {H: "hm", X: "m", K: "hkm"}[choice]
            losses += [0.1 * tf.reduce_sum(v**2) for v in v1.trainable_variables() if v.op.name[0] in used]
            step = train(loss_of(y), clipped)
            start(session)
            if number == 0:
                randomize(session, [each for each in v1.global_variables() if each.op.name.endswith(("/w", "/moving"))])
            session.run([each.assign(values[each.op.name]) for each in v1.global_variables() if each.op.name in values])
            session.run(step, {x: BATCH})
            values |= values_of(session)
            expected.append(dict(values))

    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 3])
        h = single("h", x)
        k = single("k", h=h, z=tf.zeros([4, 3]))
        step = train(loss_of(single("m", x=x, h=h, k=k)), clipped)
        start(session)
        randomize(session, [each for each in v1.global_variables() if each.op.name.endswith(("/w", "/moving"))])
        for choice, reference in zip(choices, expected, strict=True):
            assert trained(session, step, x, h=0, k=X, m=choice) == set({H: "hm", X: "m", K: "hkm"}[choice])
            for name, value in values_of(session).items():
                if name in reference:
                    np.testing.assert_allclose(value, reference[name], rtol=2e-4, atol=1e-5, err_msg=name)


def test_what_is_skipped_does_not_run(graph: Any) -> None:
    ran: list[str] = []

    def counted(name: str) -> Any:
        def build(inputs: Any) -> Any:
            one = tf.numpy_function(lambda: (ran.append(name), np.float32(1.0))[1], [], tf.float32)
            return dense(inputs) * tf.ensure_shape(one, [])

        return build

    x = v1.placeholder(tf.float32, [None, 3])
    h = single("h", x, build=counted("h"))
    k = single("k", x=x, h=h, build=counted("k"))
    m = single("m", x=x, h=h, k=k, build=counted("m"))
    step = train(loss_of(m))
    summaries = v1.summary.merge_all()
    with v1.Session() as session:
        start(session)
        for k_takes, m_takes, expected in [(X, X, "m"), (X, K, "km"), (H, K, "hkm"), (H, H, "hm"), (H, X, "m")]:
            choose(session, h=0, k=k_takes, m=m_takes)
            ran.clear()
            session.run([step, m], {x: BATCH})
            assert sorted(ran) == list(expected)
            tags = [each.tag for each in v1.Summary.FromString(session.run(summaries, {x: BATCH})).value]
            assert sorted(tag.split("/")[0] for tag in tags) == list(expected)


def test_as_long_as_it_cannot_be_skipped_it_is_plain(graph: Any) -> None:
    h = single("h", tf.ones([4, 3]))
    single("m", h)
    assert not [each for each in graph.get_operations() if each.type == "_SwitchN"]


def kept_in_the_candidate(x: Any) -> tuple[Any, Any]:
    kept = []

    def build(inputs: Any) -> Any:
        y = dense(inputs)
        kept.append(tf.reduce_sum(y))
        return y

    return single("h", x, build=build), kept[0]


def used_before(x: Any) -> tuple[Any, Any]:
    h = single("h", x)
    return h, tf.reduce_sum(h)


@pytest.mark.parametrize("build", [kept_in_the_candidate, used_before])
def test_it_runs_where_anything_else_needs_it(graph: Any, build: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    h, other = build(x)
    step = train(loss_of(single("m", x=x, h=h)) + other)
    with v1.Session() as session:
        start(session)
        assert [trained(session, step, x, h=0, m=choice) for choice in (X, H, X)] == [{"h", "m"}] * 3


@pytest.mark.parametrize("fixed", ["before", "after"])
def test_it_runs_where_it_is_a_fixed_input_too(graph: Any, fixed: str) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    h = single("h", x)
    if fixed == "before":
        h_too = layer({"a": lambda inputs: inputs[0][0], "b": lambda inputs: 2.0 * inputs[0][0]}, h, key="f")
    m = single("m", x=x, h=h)
    if fixed == "after":
        h_too = layer({"a": lambda inputs: inputs[0][0], "b": lambda inputs: 2.0 * inputs[0][0]}, h, key="f")
    step = train(loss_of(m + h_too))
    with v1.Session() as session:
        start(session)
        assert [trained(session, step, x, h=0, f=1, m=choice) for choice in (X, H)] == [{"h", "m"}] * 2


def test_in_a_control_dependency_it_runs(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    h = single("h", x)
    with tf.control_dependencies([h]):
        m = single("m", x=x, h=h)
    step = train(loss_of(m))
    with v1.Session() as session:
        start(session)
        choose(session, h=0, m=X)
        assert session.run([h, step], {x: BATCH})[0].shape == (4, 3)


def test_towers_that_share_weights(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    losses = []
    for reuse in (False, True):
        with v1.variable_scope("", reuse=reuse):
            losses.append(loss_of(single("m", x=x, h=single("h", x))))
    steps = [train(tf.add_n(losses)), train(losses[1])]
    with v1.Session() as session:
        start(session)
        for choice, expected in [(X, {"m"}), (H, {"h", "m"}), (X, {"m"})]:
            for step in steps:
                choose(session, h=0, m=choice)
                before = values_of(session, v1.trainable_variables())
                session.run(step, {x: BATCH})
                changed = moved(before, values_of(session, v1.trainable_variables()))
                assert {name.split("/")[0] for name in changed} == expected


def test_gradients_for_its_output_are_those_by_hand(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    h = single("h", x)
    m = single("m", x=x, h=h, build=lambda inputs: tf.sin(inputs[1][0]))
    (w,) = v1.trainable_variables()
    with v1.variable_scope("h/only", reuse=True):
        by_hand = dense([[x], []])
    gradients, expected = tf.gradients(m, [h, x, w]), tf.gradients(tf.sin(by_hand), [by_hand, x, w])
    assert tf.gradients(m, w, stop_gradients=[h]) == [None]
    with v1.Session() as session:
        start(session)
        choose(session, h=0, m=H)
        for mine, theirs in zip(*session.run([gradients, expected], {x: BATCH}), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=1e-7)


def test_a_gradient_penalty_on_a_plain_one(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    y = single("h", x)
    penalty = tf.reduce_sum(tf.square(tf.gradients(y, x)[0]))
    with v1.variable_scope("h/only", reuse=True):
        by_hand = tf.reduce_sum(tf.square(tf.gradients(dense([[x], []]), x)[0]))
    (w,) = v1.trainable_variables()
    gradients = tf.gradients(penalty, w)[0], tf.gradients(by_hand, w)[0]
    with v1.Session() as session:
        start(session)
        mine, expected = session.run(gradients, {x: BATCH})
        assert expected.any()
        np.testing.assert_allclose(mine, expected, rtol=1e-5, atol=1e-6)


def test_what_a_tape_has_recorded_always_runs(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = loss_of(single("m", x=x, h=single("h", x)))
    taped, plain = tape.gradient(loss, x), tf.gradients(loss, [x, *v1.trainable_variables()])
    with v1.Session() as session:
        start(session)
        for choice, is_used in [(X, False), (H, True)]:
            choose(session, m=choice)
            mine, expected = session.run([taped, plain], {x: BATCH})
            np.testing.assert_allclose(mine, expected[0], rtol=1e-5, atol=1e-7)
            assert [bool(each.any()) for each in expected] == [True, is_used, True]


def test_one_that_holds_layers_always_runs(graph: Any) -> None:
    def holding(inputs: Any) -> Any:
        doubled = {"once": lambda inputs: inputs[0][0], "twice": lambda inputs: 2.0 * inputs[0][0]}
        return dense([[layer(doubled, inputs[0][0], key="inner")], []])

    x = v1.placeholder(tf.float32, [None, 3])
    step = train(loss_of(single("m", x=x, h=single("h", x, build=holding))))
    with v1.Session() as session:
        start(session)
        assert [trained(session, step, x, inner=1, m=choice) for choice in (X, H)] == [{"h", "m"}] * 2


def test_one_in_a_candidate_runs_with_that(graph: Any) -> None:
    def cell(inputs: Any) -> Any:
        return single("k", x=inputs[0][0], s=single("s", inputs[0][0]))

    x = v1.placeholder(tf.float32, [None, 3])
    h = layer({"cell": cell, "none": lambda inputs: inputs[0][0]}, x)
    step = train(loss_of(single("m", h)))
    with v1.Session() as session:
        start(session)
        for chosen, expected in [(0, {"h/cell/s/only/w", "h/cell/k/only/w", "m/only/w"}), (1, {"m/only/w"})]:
            choose(session, h=chosen, k=H)
            before = values_of(session, v1.trainable_variables())
            session.run(step, {x: BATCH})
            assert moved(before, values_of(session, v1.trainable_variables())) == expected
