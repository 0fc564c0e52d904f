"""What belongs to candidates that were not chosen stays as it is, bit for bit, under every optimizer."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from subgraphs import OPTIMIZERS
from supernet import choose, layer, moved, randomize, start, values_of

v1 = tf.compat.v1

WIDTH, LAYERS, BATCH = 3, 2, np.random.default_rng(0).uniform(0.1, 1.0, [4, 3])


def dense(inputs: Any) -> Any:
    return tf.tanh(tf.matmul(inputs[0][0], v1.get_variable("w", [WIDTH, WIDTH])) + v1.get_variable("b", [WIDTH]))


def embedded(inputs: Any) -> Any:
    return inputs[0][0] + tf.nn.embedding_lookup(v1.get_variable("table", [6, WIDTH]), [0, 2, 2, 5])


CANDIDATES = {"dense": dense, "embedded": embedded, "again": dense, "none": lambda inputs: 2.0 * inputs[0][0]}


def loss_of(h: Any) -> Any:
    return tf.reduce_mean(tf.square(h - 0.5))


def clip(pairs: Any) -> Any:
    gradients, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 0.5)
    return [(gradient, variable) for gradient, (_, variable) in zip(gradients, pairs, strict=True)]


def by_hand(optimizer: Any, chosen: list[tuple[int, ...]], clipped: bool) -> tuple[Any, dict[tuple[int, ...], Any]]:
    """A training step of each sub-graph in `chosen`, sharing weights and slots."""
    x = v1.placeholder(tf.float32, [None, WIDTH])
    losses = {}
    with v1.variable_scope("", reuse=v1.AUTO_REUSE):
        for path in dict.fromkeys(chosen):
            h = x
            for number, choice in enumerate(path):
                name, function = list(CANDIDATES.items())[choice]
                with v1.variable_scope(f"h{number}/{name}"):
                    h = function([[h], []])
            losses[path] = loss_of(h)
    counter = v1.train.get_or_create_global_step()
    steps = {}
    for path, loss in losses.items():
        pairs = [
            (gradient, variable) for gradient, variable in optimizer.compute_gradients(loss) if gradient is not None
        ]
        steps[path] = optimizer.apply_gradients(clip(pairs) if clipped else pairs, counter)
    return x, steps


@pytest.mark.parametrize("clipped", [False, True], ids=["", "clipped"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_of_the_supernet_is_a_step_of_the_sub_graph(name: str, clipped: bool) -> None:
    generator = random.Random(name)
    some = [tuple(generator.randrange(len(CANDIDATES)) for _ in range(LAYERS)) for _ in range(5)]
    paths = [(0, 1), (1, 0), *generator.choices([path for path in some if path != (3, 3)], k=18)]

    with tf.Graph().as_default(), v1.Session() as session:
        x, steps = by_hand(OPTIMIZERS[name](), paths, clipped)
        start(session)
        randomize(session, v1.trainable_variables())
        expected = []
        for path in paths:
            session.run(steps[path], {x: BATCH})
            expected.append(values_of(session))

    with tf.Graph().as_default(), v1.Session() as session:
        h = x = v1.placeholder(tf.float32, [None, WIDTH])
        for number in range(LAYERS):
            h = layer(CANDIDATES, h, key=f"h{number}")
        counter = v1.train.get_or_create_global_step()
        optimizer = OPTIMIZERS[name]()
        pairs = optimizer.compute_gradients(loss_of(h))
        step = optimizer.apply_gradients(clip(pairs) if clipped else pairs, counter)
        start(session)
        randomize(session, v1.trainable_variables())
        before = values_of(session)
        for path, reference in zip(paths, expected, strict=True):
            choose(session, **{f"h{number}": choice for number, choice in enumerate(path)})
            session.run(step, {x: BATCH})
            after = values_of(session)
            scopes = tuple(f"h{number}/{list(CANDIDATES)[choice]}/" for number, choice in enumerate(path))
            for changed in moved(before, after):
                assert changed.startswith(scopes) or not changed.startswith("h"), f"{changed} was not chosen"
            for scope, choice in zip(scopes, path, strict=True):
                weight = ["w", "table", "w", None][choice]
                assert weight is None or f"{scope}{weight}" in moved(before, after)
            for key, value in reference.items():
                np.testing.assert_allclose(after[key], value, rtol=2e-4, atol=1e-5, err_msg=key)
            before = after


def scaled(w: Any) -> Any:
    return lambda inputs: inputs[0][0] * w()


def run_steps(session: Any, step: Any, x: Any, choices: list[dict[str, int]]) -> list[set[str]]:
    """The names of the weights and slots that each step moved."""
    found = []
    for choice in choices:
        choose(session, **choice)
        before = values_of(session)
        session.run(step, {x: BATCH})
        found.append({name for name in moved(before, values_of(session)) if "power" not in name})
    return found


def slots_of(*weights: str) -> set[str]:
    return {f"{weight}{slot}" for weight in weights for slot in ("", "/Adam", "/Adam_1")}


@pytest.mark.parametrize("read_outside", [False, True])
@pytest.mark.parametrize("resource", [True, False])
def test_a_variable_made_outside_moves_with_any_of_its_users(graph: Any, resource: bool, read_outside: bool) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    w, v = (v1.Variable(tf.ones([WIDTH]), name=name, use_resource=resource) for name in ("w", "v"))
    v1.summary.histogram("w", w)
    if read_outside:
        w = tf.identity(w)
    h = layer({"a": scaled(lambda: w), "b": scaled(lambda: w), "none": scaled(lambda: 1.0)}, x, key="h")
    h = layer({"none": scaled(lambda: 1.0), "w": scaled(lambda: w), "v": scaled(lambda: v)}, h, key="k")
    step = v1.train.AdamOptimizer(0.1).minimize(loss_of(h))
    with v1.Session() as session:
        start(session)
        assert run_steps(
            session, step, x, [{"h": 0, "k": 1}, {"h": 2, "k": 2}, {"h": 2, "k": 0}, {"h": 1, "k": 2}]
        ) == [
            slots_of("w"),
            slots_of("v"),
            set(),
            slots_of("w", "v"),
        ]


@pytest.mark.parametrize("clipped", [False, True])
def test_a_variable_that_is_used_outside_too_always_moves(graph: Any, clipped: bool) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    w = v1.get_variable("w", [WIDTH])
    h = layer({"w": scaled(lambda: w), "none": scaled(lambda: 1.0)}, x * w)
    optimizer = v1.train.AdamOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss_of(h))
    step = optimizer.apply_gradients(clip(pairs) if clipped else pairs)
    with v1.Session() as session:
        start(session)
        assert run_steps(session, step, x, [{"h": 0}, {"h": 1}]) == [slots_of("w")] * 2


@pytest.mark.parametrize("clipped", [False, True])
def test_a_variable_of_two_candidates_moves_with_either(graph: Any, clipped: bool) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    with v1.variable_scope("shared") as scope:
        pass

    def shared(inputs: Any) -> Any:
        with v1.variable_scope(scope, reuse=v1.AUTO_REUSE):
            return inputs[0][0] * v1.get_variable("w", [WIDTH])

    h = layer({"a": shared, "none": scaled(lambda: 1.0), "b": shared}, x)
    optimizer = v1.train.AdamOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss_of(h))
    step = optimizer.apply_gradients(clip(pairs) if clipped else pairs)
    with v1.Session() as session:
        start(session)
        expected = [slots_of("shared/w"), set(), slots_of("shared/w")]
        assert run_steps(session, step, x, [{"h": 0}, {"h": 1}, {"h": 2}]) == expected


@pytest.mark.parametrize("clipped", [False, True])
def test_layers_inside_of_candidates(graph: Any, clipped: bool) -> None:
    def nested(inputs: Any) -> Any:
        own = v1.get_variable("own", [WIDTH])
        return own * layer({"a": dense, "b": dense}, inputs[0][0], key="inner")

    x = v1.placeholder(tf.float32, [None, WIDTH])
    h = layer({"nested": nested, "dense": dense}, x)
    optimizer = v1.train.AdamOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss_of(h))
    step = optimizer.apply_gradients(clip(pairs) if clipped else pairs)
    with v1.Session() as session:
        start(session)
        steps = [{"h": 0, "inner": 0}, {"h": 1, "inner": 0}, {"h": 0, "inner": 1}]
        assert run_steps(session, step, x, steps) == [
            slots_of("h/nested/own", "h/nested/inner/a/w", "h/nested/inner/a/b"),
            slots_of("h/dense/w", "h/dense/b"),
            slots_of("h/nested/own", "h/nested/inner/b/w", "h/nested/inner/b/b"),
        ]


def test_towers_that_share_weights(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    losses = []
    for reuse in (False, True):
        with v1.variable_scope("net", reuse=reuse):
            losses.append(loss_of(layer({"a": dense, "b": dense}, x)))
    step = v1.train.AdamOptimizer(0.1).minimize(tf.add_n(losses))
    with v1.Session() as session:
        start(session)
        expected = [slots_of(f"net/h/{name}/w", f"net/h/{name}/b") for name in "ab"]
        assert run_steps(session, step, x, [{"h": 0}, {"h": 1}]) == expected


def test_weight_decay_over_all_weights_reaches_the_chosen_ones(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    h = layer({"a": dense, "b": dense}, x)
    decay = tf.add_n([tf.nn.l2_loss(each) for each in v1.trainable_variables()])
    step = v1.train.AdamOptimizer(0.1).minimize(loss_of(h) + 0.1 * decay)
    with v1.Session() as session:
        start(session)
        expected = [slots_of(f"h/{name}/w", f"h/{name}/b") for name in "ab"]
        assert run_steps(session, step, x, [{"h": 0}, {"h": 1}]) == expected


def test_gradients_that_were_kept_for_later_are_applied(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    h = layer({"a": dense, "b": dense}, x)
    optimizer = v1.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss_of(h))
    kept = [tf.Variable(tf.zeros(variable.shape), trainable=False) for _, variable in pairs]
    add = [total.assign_add(gradient) for total, (gradient, _) in zip(kept, pairs, strict=True)]
    step = optimizer.apply_gradients([(total, variable) for total, (_, variable) in zip(kept, pairs, strict=True)])
    with v1.Session() as session:
        start(session)
        for chosen in (0, 1):
            choose(session, h=chosen)
            session.run(add, {x: BATCH})
        weights = {f"h/{name}/{weight}" for name in "ab" for weight in "wb"}
        assert run_steps(session, step, x, [{"h": 0}]) == [weights]


def test_constraints_hold(graph: Any) -> None:
    def constrained(inputs: Any) -> Any:
        return inputs[0][0] * v1.get_variable("w", [WIDTH], constraint=lambda w: tf.clip_by_value(w, 0.0, 0.01))

    x = v1.placeholder(tf.float32, [None, WIDTH])
    h = layer({"a": constrained, "b": constrained}, x)
    step = v1.train.AdamOptimizer(0.1).minimize(loss_of(h))
    with v1.Session() as session:
        start(session)
        assert run_steps(session, step, x, [{"h": 0}, {"h": 1}]) == [slots_of("h/a/w"), slots_of("h/b/w")]
        assert all(value.max() <= 0.01 for name, value in values_of(session).items() if name.endswith("/w"))


def test_a_graph_without_layers_is_left_alone(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    with tf.Graph().as_default():
        layer({"a": dense, "b": dense}, v1.placeholder(tf.float32, [None, WIDTH]))

    def build() -> list[str]:
        with tf.Graph().as_default() as other:
            h = dense([[v1.placeholder(tf.float32, [None, WIDTH])], []])
            v1.train.AdamOptimizer(0.1).minimize(loss_of(h))
            return [f"{op.type} {op.name}" for op in other.get_operations()]

    assert not any("nascompile" in name for name in build())
    assert not hasattr(x.graph, "_nascompile_enas")


def test_what_one_optimizer_depends_on_is_nothing_to_another(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    h = layer({"a": dense, "b": dense}, x)
    counter = v1.Variable(0, trainable=False)
    with tf.control_dependencies([counter.assign_add(1).op]):
        first = v1.train.AdamOptimizer(0.1, name="First").minimize(loss_of(h))
    second = v1.train.AdamOptimizer(0.1, name="Second").minimize(loss_of(h))
    with v1.Session() as session:
        start(session)
        for number, step in enumerate([first, second, first, second]):
            choose(session, h=number // 2)
            session.run(step, {x: BATCH})
            assert session.run(counter) == number // 2 + 1
