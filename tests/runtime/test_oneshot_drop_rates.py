"""How often paths are dropped: r^(1/k) each, r for all k of them together, in 4,000 steps of the real graph."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import binomtest

from nascompile_runtime.graph import oneshot

v1 = tf.compat.v1
DRAWS = 4000
COUNTS = (1, 2, 4, 8)
# The draws are seeded, so what passes goes on passing.
LEVEL = 0.001


def factors(k: int, fixed: Any) -> Any:
    """What the k optional inputs of a layer are multiplied with in a step: a tensor `[k, 3]` for a batch of 3."""
    ones = {f"x{i}": tf.ones([3]) for i in range(k)}
    stack = oneshot.candidate("stack()", f"h{k}/stack", lambda inputs: inputs[1] + 0 * inputs[0][0])
    return oneshot.dropout_sum(
        "b", f"h{k}", layer_choice=[stack], fixed_inputs=[fixed], optional_inputs=ones, optional_input_size=[0, 1]
    )


def drawn(fetches: Any, number: int = DRAWS) -> list[np.ndarray]:
    """The fetched tensors over many steps, each with the steps as its first axis."""
    with v1.Session() as session:
        step = session.make_callable(fetches)
        return [np.stack(values) for values in zip(*(step() for _ in range(number)), strict=True)]


@pytest.mark.parametrize("r", [0.01, 0.05])
def test_inputs_are_dropped_with_the_probability_of_their_number(
    r: float, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"r": r}))
    for k, values in zip(COUNTS, drawn([factors(k, tf.constant(1.0)) for k in COUNTS]), strict=True):
        probability = r ** (1 / k)
        assert (values == values[:, :, :1]).all(), "an input is dropped for the whole batch or not at all"
        dropped = values[:, :, 0] == 0
        for position in range(k):
            assert binomtest(int(dropped[:, position].sum()), DRAWS, probability).pvalue > LEVEL
        assert binomtest(int(dropped.all(axis=1).sum()), DRAWS, r).pvalue > LEVEL
        np.testing.assert_allclose(values[values != 0], 1 / (1 - probability), rtol=1e-5)


def test_rate_on_the_ramp_is_the_share_of_the_updates_made(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    r, ramp = 0.08, 4
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"r": r, "ramp_steps": ramp}))
    outputs = [factors(k, tf.constant(1.0)) for k in COUNTS]
    with v1.Session() as session:
        step = session.make_callable(outputs)
        for update in range(ramp + 2):
            reached = r * min(update, ramp) / ramp
            steps = zip(*(step() for _ in range(DRAWS // 4)), strict=True)
            for k, values in zip(COUNTS, map(np.stack, steps), strict=True):
                dropped = values[:, :, 0] == 0
                probability = reached ** (1 / k)
                assert binomtest(int(dropped.sum()), dropped.size, probability).pvalue > LEVEL
                assert binomtest(int(dropped.all(axis=1).sum()), len(dropped), reached).pvalue > LEVEL
                np.testing.assert_allclose(values[values != 0], 1 / (1 - probability), rtol=1e-5)
            oneshot.training_update(session=session)


def test_layer_without_choice_drops_nothing(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.5, "drop_candidates": true}')

    def layer(key: str, candidates: int, size: int) -> Any:
        two = {"a": tf.constant(1.0), "b": tf.constant(10.0)}
        choices = [
            oneshot.candidate(f"sum({i})", f"{key}/{i}", lambda inputs: inputs[1][0] + inputs[1][1])
            for i in range(candidates)
        ]
        return oneshot.dropout_sum("b", key, layer_choice=choices, optional_inputs=two, optional_input_size=size)

    only_path, of_two_candidates, of_two_inputs = drawn([layer("h1", 1, 2), layer("h2", 2, 2), layer("h3", 1, 1)], 60)
    assert (only_path == 11).all()
    assert (of_two_candidates == 0).any()
    assert (of_two_inputs == 0).any()


def test_candidates_are_dropped_by_the_same_rule_where_asked(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.05, "drop_candidates": true}')

    def unit(inputs: list[Any], position: int, size: int) -> Any:
        return tf.one_hot(position, size)

    fetches = [
        oneshot.dropout_sum(
            "b",
            f"h{size}",
            layer_choice=[oneshot.candidate(f"unit({i})", f"h{size}/{i}", unit, i, size) for i in range(size)],
        )
        for size in (1, 4)
    ]
    alone, values = drawn(fetches)
    assert (alone == 1).all(), "an only candidate is the only path"
    probability = 0.05 ** (1 / 4)
    for position in range(4):
        assert binomtest(int((values[:, position] == 0).sum()), DRAWS, probability).pvalue > LEVEL
    assert binomtest(int((values == 0).all(axis=1).sum()), DRAWS, 0.05).pvalue > LEVEL
    np.testing.assert_allclose(values[values != 0], 1 / (1 - probability), rtol=1e-5)


def test_candidates_are_not_dropped_where_that_is_not_wanted(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.05, "drop_candidates": false}')
    candidates = [oneshot.candidate(f"one({i})", f"h/{i}", lambda inputs: tf.constant(1.0)) for i in range(3)]
    (values,) = drawn([oneshot.dropout_sum("b", "h", layer_choice=candidates)], 50)
    assert (values == 3).all()


def test_layers_and_inputs_are_dropped_independently(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.05}')
    four, eight = (values[:, :, 0] == 0 for values in drawn([factors(k, tf.constant(1.0)) for k in (4, 8)], 2000))
    correlation = np.corrcoef(np.concatenate([four, eight], axis=1), rowvar=False)
    # 66 pairs with a standard deviation of 0.022 each.
    assert np.abs(correlation - np.eye(12)).max() < 4 * 0.0224


def test_expectation_is_that_without_dropping(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"r": 0.05}')
    (values,) = drawn([factors(8, tf.constant(1.0))])
    assert values.mean() == pytest.approx(1, abs=0.03)


def test_seed_gives_the_same_draws_again_and_another_one_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from nascompile_runtime import parameters

    def run(seed: int) -> Any:
        monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"seed": seed, "r": 0.2}))
        parameters.reset()
        with tf.Graph().as_default():
            return drawn([factors(8, tf.constant(1.0))], 20)[0]

    assert np.array_equal(run(1), run(1))
    assert not np.array_equal(run(1), run(2))
