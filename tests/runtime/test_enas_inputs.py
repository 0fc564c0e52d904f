"""Optional inputs in declared order: a list of as many as the size says, which for a range acts as a stacked tensor."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from supernet import choose, layer, start

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.conditional.inputs import Code
from nascompile_runtime.layer import LayerError, LayerSpace

v1 = tf.compat.v1

VALUES = [np.full([2, 3], 10.0**power, "float32") + power for power in range(3)]


def build(function: Any, size: Any, shape: Any = (None, 3), **more: Any) -> tuple[Any, Any, dict[Any, Any]]:
    """A layer of one or two candidates over three optional inputs: output, inputs and the feed."""
    names = "abc"
    inputs = {name: v1.placeholder(tf.float32, shape, name=name) for name in names}
    candidates = {"first": function, **more}
    y = layer(candidates, optional_inputs=inputs, optional_input_size=size)
    return y, list(inputs.values()), dict(zip(inputs.values(), VALUES, strict=True))


@pytest.mark.parametrize("shape", [(None, 3), (2, 3), None])
@pytest.mark.parametrize("size", [1, 2])
def test_a_size_gives_a_list_of_that_many(graph: Any, size: int, shape: Any) -> None:
    seen = []

    def weighted(inputs: Any) -> Any:
        fixed, optional = inputs
        assert (fixed, len(optional)) == ([], size)
        seen.extend(optional)
        return tf.add_n([(place + 2.0) * each for place, each in enumerate(optional)])

    y, inputs, feed = build(weighted, size, shape)
    assert isinstance(seen, list)
    gradients = tf.gradients(y, inputs)
    with v1.Session() as session:
        for chosen in combinations(range(3), size):
            choose(session, h=(0, chosen))
            output, back = session.run([y, gradients], feed)
            np.testing.assert_allclose(output, sum((place + 2.0) * VALUES[each] for place, each in enumerate(chosen)))
            for position in range(3):
                expected = chosen.index(position) + 2.0 if position in chosen else 0.0
                np.testing.assert_array_equal(back[position], np.full([2, 3], expected))


@pytest.mark.parametrize("shape", [(None, 3), (2, 3), None])
@pytest.mark.parametrize("sizes", [(0, 1), (0, 3), (1, 2), (2, 2), (3, 3)])
def test_a_range_gives_one_stacked_tensor(graph: Any, sizes: tuple[int, int], shape: Any) -> None:
    stacks = []

    def weighted(inputs: Any) -> Any:
        stacks.append(tf.convert_to_tensor(inputs[1]))
        weights = tf.range(2.0, 2.0 + tf.cast(tf.shape(inputs[1])[0], tf.float32))
        return tf.reduce_sum(inputs[1] * tf.reshape(weights, [-1, 1, 1]), axis=0)

    y, inputs, feed = build(weighted, list(sizes), shape, second=weighted)
    stack, _ = stacks
    gradients = tf.gradients(y, inputs)
    with v1.Session() as session:
        for chosen in chain.from_iterable(combinations(range(3), size) for size in range(sizes[0], sizes[1] + 1)):
            choose(session, h=(0, chosen))
            output, stacked, back = session.run([y, stack, gradients], feed)
            assert stacked.shape == (len(chosen), 2, 3)
            expected = sum((place + 2.0) * VALUES[each] for place, each in enumerate(chosen))
            np.testing.assert_allclose(output, expected + np.zeros([2, 3]))
            for position in range(3):
                weight = chosen.index(position) + 2.0 if position in chosen else 0.0
                np.testing.assert_array_equal(back[position], np.full([2, 3], weight))


def test_the_sum_works_with_both(graph: Any) -> None:
    def summed(inputs: Any) -> Any:
        return tf.reduce_sum(inputs[1], axis=0)

    inputs = {name: tf.constant(value) for name, value in zip("abc", VALUES, strict=True)}
    listed = layer({"f": summed, "g": summed}, key="listed", optional_inputs=inputs, optional_input_size=2)
    ranged = layer({"f": summed, "g": summed}, key="ranged", optional_inputs=inputs, optional_input_size=[0, 3])
    assert listed.shape == ranged.shape == (2, 3)
    with v1.Session() as session:
        choose(session, listed=(1, (0, 2)), ranged=(1, ()))
        first, second = session.run([listed, ranged])
    np.testing.assert_allclose(first, VALUES[0] + VALUES[2])
    np.testing.assert_array_equal(second, np.zeros([2, 3]))


def test_a_stack_of_known_shapes_trains_what_they_are_made_of(graph: Any) -> None:
    x = tf.ones([2, 3])
    weight = v1.get_variable("weight", [3], initializer=v1.ones_initializer())
    inputs = {"a": x * weight, "b": x + weight}
    y = layer(
        {"first": lambda inputs: tf.reduce_sum(inputs[1], axis=0)}, optional_inputs=inputs, optional_input_size=[0, 2]
    )
    (gradient,) = tf.gradients(y, [weight])
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        for chosen in [(0,), (1,), (), (0, 1)]:
            choose(session, h=(0, chosen))
            np.testing.assert_array_equal(session.run(gradient), np.full(3, 2.0 * len(chosen)))


def test_candidates_and_inputs_are_chosen_together(graph: Any) -> None:
    def scaled(factor: float) -> Any:
        return lambda inputs: factor * tf.add_n(inputs[1])

    y, inputs, feed = build(scaled(1.0), 2, second=scaled(-1.0))
    gradients = tf.gradients(y, inputs)
    with v1.Session() as session:
        for candidate, sign in enumerate([1.0, -1.0]):
            choose(session, h=(candidate, (0, 1)))
            output, back = session.run([y, gradients], feed)
            np.testing.assert_allclose(output, sign * (VALUES[0] + VALUES[1]))
            assert [each[0, 0] for each in back] == [sign, sign, 0.0]


def test_nothing_to_choose_takes_no_part_in_the_signal(graph: Any) -> None:
    y, _, feed = build(lambda inputs: tf.add_n(inputs[1]), 3)
    with v1.Session() as session:
        np.testing.assert_allclose(session.run(y, feed), sum(VALUES))
        with pytest.raises(KeyError):
            choose(session, h=0)


def test_none_of_the_inputs(graph: Any) -> None:
    y, _, feed = build(lambda inputs: tf.constant(len(inputs[1])), 0)
    with v1.Session() as session:
        assert session.run(y, feed) == 0


@pytest.mark.parametrize("shape", [[], None])
@pytest.mark.parametrize("size", [1, [0, 1], [0, 2], [1, 2], [2, 2]])
def test_inputs_that_are_scalars(graph: Any, size: Any, shape: Any) -> None:
    x = v1.placeholder(tf.float32, shape)
    w = v1.get_variable("w", [], initializer=v1.ones_initializer())
    functions = {factor: lambda inputs, by=factor: by * tf.reduce_sum(inputs[1], axis=0) for factor in (2.0, 3.0)}
    y = layer(functions, optional_inputs={"a": x * w, "b": x + w}, optional_input_size=size)
    gradients = tf.gradients(y, [x, w])
    low, high = size if isinstance(size, list) else (size, size)
    with v1.Session() as session:
        start(session)
        for chosen in chain.from_iterable(combinations(range(2), number) for number in range(low, high + 1)):
            choose(session, h=(1, chosen))
            by_w = sum([5.0, 1.0][position] for position in chosen)
            expected = 3.0 * sum([5.0, 6.0][position] for position in chosen), [3.0 * len(chosen), 3.0 * by_w]
            assert session.run((y, gradients), {x: 5.0}) == expected


def project(inputs: Any) -> Any:
    kernel = v1.get_variable("kernel", [inputs[1][0].shape[-1], 2])
    return tf.matmul(inputs[1][0], kernel)


def test_a_candidate_that_needs_a_shape_which_inputs_do_not_share_is_told(graph: Any) -> None:
    inputs = {"a": tf.zeros([2, 3]), "b": tf.zeros([2, 4])}
    with pytest.raises(
        LayerError,
        match=r"layer 'h' of block 'net': candidate 'f\(\)' fails \(.*differ in shape, 'a' is float32 \[2, 3\], "
        r"'b' is float32 \[2, 4\], so that it gets float32 \[2, \?\]",
    ):
        layer({"f": project}, optional_inputs=inputs, optional_input_size=1)


def test_a_candidate_that_needs_no_shape_takes_inputs_of_several(graph: Any) -> None:
    inputs = {"a": tf.ones([2, 3]), "b": tf.ones([2, 4])}
    y = layer({"f": lambda inputs: tf.reduce_sum(inputs[1][0])}, optional_inputs=inputs, optional_input_size=1)
    with v1.Session() as session:
        for position, expected in enumerate([6.0, 8.0]):
            choose(session, h=(0, (position,)))
            assert session.run(y) == expected


def test_inputs_of_integers(graph: Any) -> None:
    inputs = {"a": tf.constant([1]), "b": tf.constant([2])}
    y = layer({"f": lambda inputs: inputs[1][0]}, optional_inputs=inputs, optional_input_size=1)
    with v1.Session() as session:
        choose(session, h=(0, (1,)))
        assert session.run(y) == [2]


@pytest.mark.parametrize(
    ("other", "size", "message"),
    [
        (np.zeros([2, 4], "float32"), [0, 1], r"'a' is float32 \[2, 3\] and 'b' is float32 \[2, 4\]"),
        (np.zeros([2, 3], "int32"), 1, r"'a' is float32 \[2, 3\] and 'b' is int32 \[2, 3\]"),
        (object(), 1, "the optional input 'b' is <object object at .*>, which is no tensor"),
    ],
)
def test_inputs_that_are_not_alike(graph: Any, other: Any, size: Any, message: str) -> None:
    inputs = {"a": np.zeros([2, 3], "float32"), "b": other}
    with pytest.raises(LayerError, match=f"layer 'h' of block 'net': .*{message}"):
        layer({"f": lambda inputs: inputs}, optional_inputs=inputs, optional_input_size=size)


@pytest.mark.parametrize(
    ("ranged", "inputs", "numbers"),
    [
        (False, (0, 3), [2, 0, 2, 2, 1, 0, 3]),
        (True, (0, 3), [2, 1, 0, 0, 1, 0, 0, 0, 1]),
        (True, (), [2, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_the_numbers_of_a_choice(ranged: bool, inputs: tuple[int, ...], numbers: list[int]) -> None:
    space = LayerSpace("net", "h", ("f", "g", "k"), ("a", "b", "c", "d"), (0, 2) if ranged else (2, 2))
    assert Code(space, ranged).encode(Choice(2, inputs)) == numbers


def test_other_errors_of_a_candidate_stay_as_they_are(graph: Any) -> None:
    with pytest.raises(AttributeError, match="'list' object has no attribute"):
        build(lambda inputs: inputs[0].no, (0, 2))
