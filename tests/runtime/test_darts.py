"""darts beside hand-written TensorFlow: the weighted sum, its gradients, sub-architectures, sessions, checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sums import X, dense, dense_layer, give, single_layer

from nascompile_runtime import parameters
from nascompile_runtime.architecture import ArchitectureError, Choice
from nascompile_runtime.graph import darts
from nascompile_runtime.graph.weighted_sum.reading import read_weights
from nascompile_runtime.graph.weighted_sum.relaxation import input_factors, most_probable
from nascompile_runtime.layer import LayerError, LayerSpace

v1 = tf.compat.v1
ALPHA = np.array([0.5, -1.0, 0.25], np.float32)
BETA = np.array([0.75, -0.5], np.float32)


@pytest.fixture
def session(graph: Any) -> Iterator[Any]:
    with v1.Session() as session:
        yield session


layer = partial(dense_layer, darts.weighted_sum)
call = partial(single_layer, darts.weighted_sum)


def architecture_weights() -> dict[str, Any]:
    """The variables of the architecture weights in the graph, by what they are of."""
    found = [each for each in v1.global_variables() if each.op.name.startswith("nascompile/")]
    return {each.op.name.removeprefix("nascompile/"): each for each in found}


def set_weights(session: Any, **values: Any) -> None:
    """Initialise all variables, and set architecture weights of block "b": `h_candidates=[...]`."""
    session.run(v1.global_variables_initializer())
    for name, value in values.items():
        initializer = architecture_weights()["b/" + name.replace("_", "/")].initializer
        session.run(initializer, {initializer.inputs[1]: value})


def by_hand(name: str, fixed: Any, optional: list[Any], alpha: Any, beta: Any) -> Any:
    """The layer of three candidates and two inputs of which one is chosen, in plain TensorFlow."""
    shares, inputs = tf.nn.softmax(alpha), [tf.nn.softmax(beta)[i] * each for i, each in enumerate(optional)]
    outputs = []
    for i in range(3):
        with v1.variable_scope(f"{name}/dense_{i}", reuse=True):
            outputs.append(shares[i] * dense([[fixed], inputs], i))
    return outputs[0] + outputs[1] + outputs[2]


# --- the sum ---


def test_sum_and_gradients_are_those_by_hand(session: Any) -> None:
    x, a, b = tf.constant(X), tf.constant(2 * X), tf.constant(X - 3)
    alpha, beta = tf.constant(ALPHA), tf.constant(BETA)
    output = layer("h", [x], {"a": a, "b": b}, 1)
    hand = by_hand("h", x, [a, b], alpha, beta)
    weights, ours = v1.trainable_variables(), architecture_weights()
    sources = [x, a, b, *weights]
    found = [output, *tf.gradients(output**2, [*sources, ours["b/h/candidates"], ours["b/h/inputs"]])]
    expected = [hand, *tf.gradients(hand**2, [*sources, alpha, beta])]
    set_weights(session, h_candidates=ALPHA, h_inputs=BETA)
    for one, other in zip(*session.run([found, expected]), strict=True):
        assert np.abs(other).max() > 1e-4
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-7)


def test_weights_start_at_zero_and_every_path_weighs_the_same(session: Any) -> None:
    output = darts.weighted_sum(
        "b",
        "h",
        layer_choice=[darts.candidate(f"f({i})", f"h/{i}", lambda inputs, i=i: float(i) + inputs[1]) for i in range(4)],
        optional_inputs={"a": tf.constant(8.0), "b": tf.constant(16.0)},
        optional_input_size=[1, 1],
    )
    session.run(v1.global_variables_initializer())
    np.testing.assert_allclose(session.run(output), [1.5 + 4, 1.5 + 8], rtol=1e-6)
    assert not any(np.any(value) for value in session.run(list(architecture_weights().values())))


def test_layers_without_choice_have_no_weights_and_are_not_scaled(session: Any) -> None:
    two = {"a": tf.constant(2.0), "b": tf.constant(3.0)}
    all_of_them = call(lambda inputs: inputs[1][0] + inputs[1][1], optional_inputs=two, optional_input_size=2)
    none_of_them = darts.weighted_sum(
        "b",
        "none",
        layer_choice=[darts.candidate("f()", "none/f", lambda inputs: inputs[1][0] + inputs[1][1] + 1)],
        optional_inputs=two,
        optional_input_size=0,
    )
    session.run(v1.global_variables_initializer())
    assert session.run([all_of_them, none_of_them]) == [5, 1]
    assert architecture_weights().keys() == {"steps"}


def test_annotation_that_runs_again_shares_its_weights(session: Any) -> None:
    with v1.variable_scope("net", reuse=v1.AUTO_REUSE):
        towers = [layer("h", [tf.constant(X)], {}, 0) for _ in range(2)]
    set_weights(session, h_candidates=ALPHA)
    np.testing.assert_array_equal(*session.run(towers))
    assert len([name for name in architecture_weights() if name.endswith("candidates")]) == 1


def test_structures_are_summed_leaf_by_leaf(session: Any) -> None:
    choices = [
        darts.candidate(f"f({i})", f"h/{i}", lambda inputs, i=i: {"a": tf.constant(1.0 + i), "b": (tf.constant(1.5),)})
        for i in range(2)
    ]
    output = darts.weighted_sum("b", "h", layer_choice=choices)
    session.run(v1.global_variables_initializer())
    assert session.run(output) == {"a": 1.5, "b": (1.5,)}


def test_only_candidate_may_return_anything(graph: Any) -> None:
    thing = object()
    assert call(lambda inputs: thing) is thing


# --- the relaxation of input choices ---


def probabilities(weights: Any, low: int, high: int) -> np.ndarray:
    """The probability that each input is chosen, set by set."""
    sets = [each for size in range(low, high + 1) for each in combinations(range(len(weights)), size)]
    odds = np.array([np.exp(sum((weights[i] for i in each), 0.0)) for each in sets])
    return (
        np.array([sum(odds[n] for n, each in enumerate(sets) if i in each) for i in range(len(weights))]) / odds.sum()
    )


@pytest.mark.parametrize("size", [(1, 1), (0, 1), (0, 4), (2, 2), (1, 3), (3, 4)])
def test_inputs_weigh_their_probability(size: tuple[int, int], session: Any) -> None:
    weights = np.array([1.5, -0.25, 0.5, 0.0])
    found = session.run(input_factors(tf.constant(weights, tf.float32), size))
    np.testing.assert_allclose(found, probabilities(weights, *size), rtol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (0, 9), (4, 5), (2, 9), (8, 9)])
def test_many_inputs_weigh_their_probability_too(size: tuple[int, int], session: Any) -> None:
    weights = np.random.default_rng(0).normal(size=9) * 3
    given = tf.constant(weights, tf.float32)
    found, (gradient,) = session.run([input_factors(given, size), tf.gradients(input_factors(given, size)[0], given)])
    np.testing.assert_allclose(found, probabilities(weights, *size), rtol=1e-4, atol=1e-6)
    step = 1e-5
    slopes = [
        (probabilities(weights + step * unit, *size)[0] - probabilities(weights - step * unit, *size)[0]) / (2 * step)
        for unit in np.eye(9)
    ]
    np.testing.assert_allclose(gradient, slopes, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (0, 2), (2, 2), (1, 3), (0, 7), (3, 6)])
def test_grown_weights_come_down_to_the_architecture_that_is_read_off(size: tuple[int, int], session: Any) -> None:
    given = v1.placeholder(tf.float32, [7])
    factors = input_factors(given, size)
    space = LayerSpace("b", "h", ("f()",), tuple("abcdefg"), size)
    generator = np.random.default_rng(1)
    for _ in range(20):
        weights = generator.permutation(7) - 3 + 0.5 * generator.choice([-1, 1])
        read = most_probable(space, [], [*weights])
        one_or_zero = [float(position in read.inputs) for position in range(7)]
        np.testing.assert_allclose(session.run(factors, {given: 200 * weights}), one_or_zero, atol=1e-6)


def test_weights_that_were_never_trained_read_as_the_starting_architecture() -> None:
    space = LayerSpace("b", "h", ("f()", "g()"), ("a", "b", "c"), (1, 3))
    assert most_probable(space, [0.0, 0.0], [0.0, 0.0, 0.0]) == Choice(0, (0,))
    assert most_probable(space, [0.0, 0.1], [-0.1, 0.0, 0.1]) == Choice(1, (2,))
    assert most_probable(space, [0.2, 0.1], [0.1, 0.3, 0.2]) == Choice(0, (0, 1, 2))
    assert most_probable(LayerSpace("b", "h", ("f()",), ("a", "b"), (2, 2)), [], []) == Choice(0, (0, 1))


# --- sub-architectures ---

CHOICES = [(i, list(xs)) for i in range(3) for xs in (("a",), ("b",))]


def test_given_architecture_is_its_sub_graph(session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, *({"h": choice} for choice in CHOICES))
    x, optional = tf.constant(X), {"a": tf.constant(2 * X), "b": tf.constant(X - 3)}
    output = layer("h", [x], optional, 1)
    weights = v1.trainable_variables()
    ours = [output, *tf.gradients(output, weights)]
    references = []
    for i, names in CHOICES:
        with v1.variable_scope(f"h/dense_{i}", reuse=True):
            h = dense([[x], [optional[each] for each in names]], i)
        references.append([h, *tf.gradients(h, weights, unconnected_gradients="zero")])
    set_weights(session, h_candidates=ALPHA, h_inputs=BETA)
    for reference in [references[0], *references]:  # the first is there from the start on
        for value, expected in zip(*session.run([ours, reference]), strict=True):
            np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-7)
        darts.get_next_parameter(session)
    before = session.run(list(architecture_weights().values()))
    darts.training_update(session=session, loss=tf.reduce_sum(output))
    for one, other in zip(before, session.run(list(architecture_weights().values())), strict=True):
        np.testing.assert_array_equal(one, other)


def test_candidate_that_is_not_selected_is_zero_even_if_it_is_not_finite(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, {"h": (0, [])})
    choices = [
        darts.candidate("dense(0)", "h/0", lambda inputs: tf.constant(2.0)),
        darts.candidate("dense(1)", "h/1", lambda inputs: tf.constant(float("nan"))),
    ]
    output = darts.weighted_sum("b", "h", layer_choice=choices)
    session.run(v1.global_variables_initializer())
    assert session.run(output) == 2


def test_wrong_architecture_is_an_error_and_loads_nothing(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, {"h": (0, [])}, {"h": (7, [])})
    output = layer("h", [tf.constant(X)], {"a": tf.constant(X)}, [0, 1])
    session.run(v1.global_variables_initializer())
    darts.get_next_parameter(session)
    before = session.run(output)
    with pytest.raises(ArchitectureError, match=r"layer 'h' of block 'b': chosen_layer 'dense\(7\)'"):
        darts.get_next_parameter(session)
    np.testing.assert_array_equal(session.run(output), before)


def test_reports_say_which_architecture_ran_if_one_did(
    session: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "results.jsonl"))
    layer("h", [tf.constant(X)], {}, 0)
    darts.report_final_result(0.5)
    give(monkeypatch, tmp_path, {"h": (1, [])})
    parameters.reset()
    darts.report_intermediate_result(0.25)
    darts.report_final_result(0.75)
    chosen = {"b": {"h": {"chosen_layer": "dense(1)", "chosen_inputs": []}}}
    records = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [record["architecture"] for record in records] == [None, chosen, chosen]


# --- graphs, sessions and checkpoints ---


def test_checkpoint_keeps_what_was_learnt(graph: Any, tmp_path: Path) -> None:
    loss = tf.reduce_sum(layer("h", [tf.constant(X)], {"a": tf.constant(X)}, [0, 1]) ** 2)
    saver = v1.train.Saver()
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        for _ in range(3):
            darts.training_update(session=session, loss=loss)
        path = saver.save(session, str(tmp_path / "model"))
        darts.training_update(session=session, loss=loss)
        expected = read_weights(session)
    with v1.Session() as session:
        saver.restore(session, path)
        assert read_weights(session) != expected
        darts.training_update(session=session, loss=loss)
        assert read_weights(session) == expected


def test_checkpoint_loads_into_other_modes(graph: Any, tmp_path: Path) -> None:
    from nascompile_runtime.graph import oneshot

    layer("h", [tf.constant(X)], {}, 0)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        path = v1.train.Saver().save(session, str(tmp_path / "model"))
        expected = session.run(v1.trainable_variables())
    with tf.Graph().as_default(), v1.Session() as session:
        choices = [oneshot.candidate(f"dense({i})", f"h/dense_{i}", dense, i) for i in range(3)]
        oneshot.dropout_sum("b", "h", layer_choice=choices, fixed_inputs=[tf.constant(X)])
        v1.train.Saver().restore(session, path)
        for one, other in zip(expected, session.run(v1.trainable_variables()), strict=True):
            np.testing.assert_array_equal(one, other)


def test_session_without_our_layers_is_left_alone(session: Any) -> None:
    darts.get_next_parameter(session)
    darts.training_update(session=session)
    darts.begin_evaluation(session)
    darts.end_evaluation(session)
    assert read_weights(session) == {}


# --- mistakes ---


def test_outputs_that_cannot_be_summed_are_an_error(graph: Any) -> None:
    choices = [darts.candidate(f"f({i})", f"h/{i}", lambda inputs, i=i: tf.zeros([3 + i])) for i in range(2)]
    message = r"layer 'h' of block 'b': its candidates are summed, but 'f\(0\)' is float32 \(3,\)"
    with pytest.raises(LayerError, match=message):
        darts.weighted_sum("b", "h", layer_choice=choices)


def test_eager_execution_is_an_error_that_says_what_to_do() -> None:
    with tf.init_scope(), pytest.raises(RuntimeError, match=r"darts mode needs a TensorFlow graph"):
        call(lambda inputs: None)
