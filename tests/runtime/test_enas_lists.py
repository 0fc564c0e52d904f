"""The optional inputs of a range in enas are a list as in a sub-graph as far as that can be, and else say what to do.

The truth is the same candidate, called by hand with a list of as many tensors as are chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, randomize, start, values_of

from nascompile_runtime.layer import LayerError

v1 = tf.compat.v1

BATCH = np.random.default_rng(0).uniform(0.1, 1.0, [3, 2, 4]).astype("float32")
RATE = 0.1


def weight(name: str) -> Any:
    return v1.get_variable(name, [4, 4], initializer=v1.glorot_uniform_initializer(seed=3), use_resource=True)


def appends(inputs: Any) -> Any:
    inputs[1].append(tf.matmul(inputs[0][0], weight("w")))
    return tf.tanh(tf.add_n(inputs[1]))


def extends(inputs: Any) -> Any:
    inputs[1].extend([tf.matmul(inputs[0][0], weight("w")), inputs[0][0]])
    inputs[1] += [inputs[0][0]]
    return tf.tanh(tf.add_n(inputs[1]) + 1.0)


def iterates(inputs: Any) -> Any:
    out = tf.matmul(inputs[0][0], weight("w"))
    for number, x in enumerate(inputs[1]):
        out += tf.nn.relu(tf.matmul(x, weight(f"w{number}")))
    return tf.sigmoid(out)


def adds_from_nothing(inputs: Any) -> Any:
    total = 0.0
    for x in inputs[1]:
        total = total + 2.0 * x
    return tf.sigmoid(tf.matmul(inputs[0][0] + total, weight("w")))


def unpacks(inputs: Any) -> Any:
    return tf.matmul(tf.add_n([*inputs[0], *inputs[1]]), weight("w"))


def joins_lists(inputs: Any) -> Any:
    return tf.exp(tf.matmul(tf.add_n(inputs[0] + inputs[1] + [inputs[0][0]]), weight("w")))


def averages_what_is_there(inputs: Any) -> Any:
    return tf.reduce_mean(tf.stack([*inputs[0]] + inputs[1]), axis=0) * tf.reduce_sum(weight("w"))


def concatenates_rows(inputs: Any) -> Any:
    rows = tf.concat(inputs[0] + inputs[1], axis=0)
    return tf.tanh(tf.reduce_sum(tf.matmul(rows, weight("w")), axis=0) + inputs[0][0])


def sums_the_tensor(inputs: Any) -> Any:
    optional = inputs[1]
    sum_of_all = 0.0 if isinstance(optional, list) and not optional else tf.reduce_sum(optional, axis=0)
    return tf.tanh(tf.matmul(inputs[0][0], weight("w")) + sum_of_all)


def asks_whether_there_is_any(inputs: Any) -> Any:
    x = inputs[0][0]
    if inputs[1]:
        x += tf.matmul(tf.add_n(inputs[1]), weight("skip"))
    return tf.tanh(tf.matmul(x, weight("w")))


def takes_the_first(inputs: Any) -> Any:
    return tf.exp(inputs[1][0]) + tf.matmul(inputs[0][0], weight("w"))


def takes_a_slice(inputs: Any) -> Any:
    return tf.exp(inputs[1][0]) + tf.reduce_sum(inputs[1][1:], axis=0) + tf.matmul(inputs[0][0], weight("w"))


def concatenates_channels(inputs: Any) -> Any:
    joined = tf.concat(inputs[1], axis=1)
    kernel = v1.get_variable("k", [8, 4], initializer=v1.glorot_uniform_initializer(seed=3), use_resource=True)
    return tf.sigmoid(tf.matmul(joined, kernel[: joined.shape[1]]) + inputs[0][0])


def plain(inputs: Any) -> Any:
    return inputs[0][0] * 2.0


FROM_NONE: list[Callable[[Any], Any]] = [
    appends,
    extends,
    iterates,
    adds_from_nothing,
    unpacks,
    joins_lists,
    averages_what_is_there,
    concatenates_rows,
    sums_the_tensor,
    asks_whether_there_is_any,
]
FROM_ONE: list[Callable[[Any], Any]] = [*FROM_NONE, takes_the_first, takes_a_slice, concatenates_channels]


def sources(x: Any) -> dict[str, Any]:
    return {"a": x, "b": tf.sin(x), "c": tf.matmul(x, weight("producer"))}


def loss_of(h: Any) -> Any:
    return tf.reduce_mean(tf.square(h - 0.3))


def train_by_hand(function: Any, chosen: tuple[int, ...], before: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Losses of three steps of the sub-graph, and its weights after them."""
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 4])
        inputs = list(sources(x).values())
        with v1.variable_scope("h/f"):
            h = function([[x], [inputs[position] for position in chosen]])
        loss = loss_of(h)
        step = v1.train.GradientDescentOptimizer(RATE).minimize(loss)
        variables = v1.trainable_variables()
        session.run(
            [each.initializer for each in variables],
            {each.initializer.inputs[1]: before[each.op.name] for each in variables},
        )
        losses = [session.run([loss, step], {x: batch})[0] for batch in BATCH]
        return losses, values_of(session, variables)


@pytest.mark.parametrize(
    ("function", "low"), [*((function, 0) for function in FROM_NONE), *((function, 1) for function in FROM_ONE)]
)
def test_a_list_means_what_it_means_in_the_sub_graph(graph: Any, function: Any, low: int) -> None:
    x = v1.placeholder(tf.float32, [None, 4])
    h = layer({"plain": plain, "f": function}, x, optional_inputs=sources(x), optional_input_size=[low, 2])
    loss = loss_of(h)
    step = v1.train.GradientDescentOptimizer(RATE).minimize(loss)
    with v1.Session() as session:
        for chosen in chain.from_iterable(combinations(range(3), size) for size in range(low, 3)):
            start(session)
            randomize(session)
            choose(session, h=(1, chosen))
            before = values_of(session)
            losses = [session.run([loss, step], {x: batch})[0] for batch in BATCH]
            expected, weights = train_by_hand(function, chosen, before)
            np.testing.assert_allclose(losses, expected, rtol=1e-5)
            after = values_of(session)
            for name in after:
                np.testing.assert_allclose(after[name], weights.get(name, before[name]), rtol=1e-5, atol=1e-7)


def test_the_number_of_the_chosen_is_what_it_is_in_an_optimised_graph(graph: Any) -> None:
    x = tf.ones([2, 4])
    producer = layer({"f": lambda inputs: inputs[0][0] @ weight("w"), "g": plain}, x, key="producer")
    counts = []

    def counted(inputs: Any) -> Any:
        counts.append(tf.shape(inputs[1])[0])
        return inputs[0][0] + tf.reduce_sum(inputs[1], axis=0)

    options = {"optional_inputs": {"producer": producer}, "optional_input_size": [0, 1]}
    h = layer({"counted": counted, "plain": plain}, producer, **options)
    gradients = tf.gradients(loss_of(h), v1.trainable_variables())
    with v1.Session() as session:
        start(session)
        for chosen in [(), (0,)]:
            choose(session, producer=0, h=(0, chosen))
            assert session.run([counts, gradients])[0] == [len(chosen)]


def build(function: Any, size: Any = (0, 2)) -> Any:
    x = v1.placeholder(tf.float32, [None, 4])
    return layer({"f": function}, x, optional_inputs=sources(x), optional_input_size=list(size))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            lambda inputs: inputs[0][0] * len(inputs[1]),
            r"`len\(inputs\[1\]\)`; use the tensor `tf.shape\(inputs\[1\]\)",
        ),
        (lambda inputs: inputs[1][-1], r"`inputs\[1\]\[-1\]`; count from the start"),
        (lambda inputs: inputs[1][:-1], "slice; cut from the start"),
        (lambda inputs: inputs[1].pop(), "`pop`; make a list of your own"),
        (lambda inputs: inputs[1].insert(5, 1), "`insert"),
        (lambda inputs: tf.add_n([weight("w") + inputs[1][1]]), r"not there, in 'h/f/add' \(AddV2\)"),
        (lambda inputs: tf.sigmoid(tf.add_n(inputs[1])), r"not there, in 'h/f/Sigmoid' \(Sigmoid\).*reduce_sum"),
        (lambda inputs: inputs[0][0] / inputs[1][0], r"\(RealDiv\)"),
        (lambda inputs: tf.reduce_mean(tf.concat(inputs[1], axis=1), axis=1), r"\(Mean\)"),
        (lambda inputs: inputs[1][0] if inputs[1] else inputs[0][0], "asks whether an optional input .* returns zeros"),
    ],
)
def test_what_cannot_mean_the_same_says_what_to_write(graph: Any, function: Any, message: str) -> None:
    with pytest.raises(LayerError, match=rf"layer 'h' of block 'net': candidate 'f\(\)'.*{message}"):
        build(function)


def test_what_is_surely_there_may_go_anywhere(graph: Any) -> None:
    build(lambda inputs: tf.sigmoid(inputs[1][0]) if inputs[1] else None, (1, 2))


def test_a_list_that_is_returned_is_the_tensor_of_what_is_chosen(graph: Any) -> None:
    h = build(lambda inputs: (inputs[1], inputs[0][0]))
    with v1.Session() as session:
        start(session)
        choose(session, h=(0, (1,)))
        assert session.run(h[0], {"Placeholder:0": BATCH[0]}).shape == (1, 2, 4)


def test_a_list_of_one_size_and_of_all_inputs_is_a_plain_one_and_a_tensor_too(graph: Any) -> None:
    lengths = []

    def counted(inputs: Any) -> Any:
        lengths.append(len(inputs[1]))
        assert inputs[1].shape[0] == len(inputs[1])
        return tf.sigmoid(inputs[1].pop()) + tf.reduce_sum(inputs[1], axis=0)

    for size in ([2, 2], [3, 3]):
        with tf.Graph().as_default():
            x = tf.ones([2, 4])
            layer(
                {"f": counted, "g": counted}, x, key=f"h{size[0]}", optional_inputs=sources(x), optional_input_size=size
            )
    assert lengths == [2, 2, 3, 3]


@pytest.mark.parametrize("dtype", [tf.string, tf.bool, tf.int64, tf.float16, tf.complex64])
def test_a_list_may_hold_any_kind_of_numbers_and_strings(graph: Any, dtype: Any) -> None:
    values = [np.array(["a", "b"]) if dtype == tf.string else np.array([1, 0]).astype(dtype.as_numpy_dtype)] * 2
    inputs = {name: tf.constant(value, dtype) for name, value in zip("ab", values, strict=True)}
    h = layer({"f": lambda inputs: tf.stack(inputs[1])}, optional_inputs=inputs, optional_input_size=[0, 2])
    with v1.Session() as session:
        choose(session, h=(0, (1,)))
        assert session.run(h).shape == (1, 2)


def returns_early(inputs: Any) -> Any:
    if not inputs[1]:
        return inputs[0][0] * 3.0
    return inputs[0][0] + tf.add_n(inputs[1])


def returns_late(inputs: Any) -> Any:
    if inputs[1]:
        return inputs[0][0] + tf.add_n(inputs[1])
    return inputs[0][0] * 3.0


def has_another_way(inputs: Any) -> Any:
    return inputs[0][0] + (tf.add_n(inputs[1]) if inputs[1] else inputs[0][0])


@pytest.mark.parametrize("function", [returns_early, returns_late, has_another_way])
def test_another_way_where_nothing_is_there_is_told(graph: Any, function: Any) -> None:
    with pytest.warns(UserWarning, match=r"asks in .*test_enas_lists.py:\d+ whether an optional input"):
        build(function)


@pytest.mark.parametrize("function", [returns_early, returns_late, has_another_way])
def test_another_way_is_not_told_where_it_is_never_taken(graph: Any, function: Any) -> None:
    build(function, (1, 2))
