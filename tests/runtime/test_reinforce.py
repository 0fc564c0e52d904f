"""The policy gradient against its formulas: probabilities, gradients, entropies, Adam, baseline and warm-up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from searches import choices, space

from nascompile_runtime.architecture import Choice, to_json
from nascompile_runtime.controllers.policy.adam import Logits
from nascompile_runtime.controllers.policy.categorical import Categorical
from nascompile_runtime.controllers.policy.subset import Subset
from nascompile_runtime.controllers.reinforce import ReinforceController
from nascompile_runtime.options import Options

SUBSETS = [(1, 0, 1), (3, 1, 1), (4, 0, 4), (5, 2, 3), (5, 3, 5), (4, 2, 2), (3, 3, 3), (3, 0, 0)]


def some_logits(number: int, scale: float = 1.0) -> Any:
    return scale * np.random.default_rng(number).normal(size=number)


def sets(number: int, low: int, high: int) -> list[tuple[int, ...]]:
    return [each for size in range(low, high + 1) for each in combinations(range(number), size)]


def slope(function: Callable[[Any], float], at: Any) -> list[float]:
    """The gradient by central differences."""
    steps = 1e-6 * np.eye(len(at))
    return [(function(at + step) - function(at - step)) / 2e-6 for step in steps]


@pytest.mark.parametrize("number", [1, 2, 6])
def test_categorical_is_the_softmax(number: int) -> None:
    logits = some_logits(number)
    expected = np.exp(logits) / np.exp(logits).sum()
    categorical = Categorical(logits)
    np.testing.assert_allclose(categorical.probabilities, expected, rtol=1e-12)
    np.testing.assert_allclose(categorical.entropy(), -(expected * np.log(expected)).sum(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        categorical.entropy_gradient(), slope(lambda z: Categorical(z).entropy(), logits), atol=1e-8
    )
    for value in range(number):
        expected_slope = slope(lambda z, value=value: Categorical(z).log_probabilities[value], logits)
        np.testing.assert_allclose(categorical.score(value), expected_slope, atol=1e-8)


@pytest.mark.parametrize(("number", "low", "high"), SUBSETS)
def test_subset_is_the_softmax_over_the_sums_of_logits_of_all_valid_sets(number: int, low: int, high: int) -> None:
    logits = some_logits(number)
    subset, valid = Subset(logits, low, high), sets(number, low, high)
    weights = np.array([math.exp(logits[list(each)].sum()) for each in valid])
    expected = weights / weights.sum()
    np.testing.assert_allclose([math.exp(subset.log_probability(each)) for each in valid], expected, rtol=1e-12)
    inclusion = [sum(p for each, p in zip(valid, expected, strict=True) if i in each) for i in range(number)]
    np.testing.assert_allclose(subset.inclusion(), inclusion, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(subset.entropy(), -(expected * np.log(expected)).sum(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        subset.entropy_gradient(), slope(lambda z: Subset(z, low, high).entropy(), logits), atol=1e-8
    )
    for each in valid:
        expected_slope = slope(lambda z, each=each: Subset(z, low, high).log_probability(each), logits)
        np.testing.assert_allclose(subset.score(each), expected_slope, atol=1e-8)


@pytest.mark.parametrize(("number", "low", "high"), SUBSETS)
def test_sets_are_drawn_with_their_probabilities(number: int, low: int, high: int) -> None:
    subset, valid = Subset(some_logits(number, 0.5), low, high), sets(number, low, high)
    rng = np.random.default_rng(7)
    drawn = Counter(subset.draw(rng) for _ in range(3000))
    expected = {each: 3000 * math.exp(subset.log_probability(each)) for each in valid}
    assert set(drawn) == set(valid)
    statistic = sum((drawn[each] - number) ** 2 / number for each, number in expected.items())
    assert statistic < chi2.ppf(0.999, max(len(valid) - 1, 1))


def test_candidates_are_drawn_with_their_probabilities() -> None:
    categorical, rng = Categorical(some_logits(6)), np.random.default_rng(7)
    drawn = Counter(categorical.draw(rng) for _ in range(3000))
    expected = 3000 * categorical.probabilities
    assert sum((drawn[i] - each) ** 2 / each for i, each in enumerate(expected)) < chi2.ppf(0.999, 5)


def test_subset_of_one_is_a_softmax_and_of_any_size_are_coins() -> None:
    logits = some_logits(7)
    np.testing.assert_allclose(Subset(logits, 1, 1).inclusion(), Categorical(logits).probabilities, rtol=1e-12)
    np.testing.assert_allclose(Subset(logits, 0, 7).inclusion(), 1 / (1 + np.exp(-logits)), rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_sets_are_valid_whatever_the_logits(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 20))
    low = data.draw(st.integers(0, number))
    high = data.draw(st.integers(low, number))
    logits = data.draw(st.lists(st.floats(-1e6, 1e6), min_size=number, max_size=number))
    subset = Subset(logits, low, high)
    drawn = subset.draw(np.random.default_rng(data.draw(st.integers(0, 99))))
    assert list(drawn) == sorted(set(drawn))
    assert low <= len(drawn) <= high
    assert np.isfinite(subset.score(drawn)).all()
    assert np.isfinite(subset.entropy_gradient()).all()


def test_hundreds_of_inputs_are_drawn_without_enumerating_their_sets() -> None:
    """Equal logits make sets equally likely, so the sizes of [100, 400] of 500 are nearly Binomial(500, 1/2)."""
    subset, rng = Subset(np.zeros(500), 100, 400), np.random.default_rng(0)
    np.testing.assert_allclose(subset.inclusion(), 0.5, rtol=1e-9)
    sizes = [len(subset.draw(rng)) for _ in range(200)]
    assert abs(np.mean(sizes) - 250) < 4 * math.sqrt(125 / 200)


def test_adam_takes_the_steps_of_tensorflows(graph: Any) -> None:
    import tensorflow as tf

    v1 = tf.compat.v1
    rng = np.random.default_rng(3)
    gradients = rng.normal(size=[30, 4]) * [0.1, 1.0, 30.0, 0.0]
    rates = np.minimum(1, np.arange(1, 31) / 10) * 0.05
    variable = v1.get_variable("z", [4], tf.float64, v1.zeros_initializer(), use_resource=True)
    gradient, rate = v1.placeholder(tf.float64, [4]), v1.placeholder(tf.float64, [])
    step = v1.train.AdamOptimizer(rate).apply_gradients([(-gradient, variable)])
    logits = Logits.equal(4)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        for each, size in zip(gradients, rates, strict=True):
            session.run(step, {gradient: each, rate: size})
            logits.ascend(each, float(size))
            # TensorFlow adds its epsilon before it corrects the bias of the squares; that is worth a part in a million.
            np.testing.assert_allclose(logits.values, session.run(variable), rtol=1e-6, atol=1e-6)


def learnt(options: Options, rewards: list[float]) -> tuple[dict[str, Any], list[int]]:
    """The controller's state after these rewards, and which candidates of the only layer earned them."""
    where = [space(3)]
    controller = ReinforceController(options)
    drawn = []
    for request, reward in enumerate(rewards):
        proposed = controller.propose(request, where)
        drawn.append(choices(proposed, where)[0].candidate)
        controller.observe(proposed, reward)
    return controller.state(), drawn


REWARDS = [0.3, 0.9, 0.1, 0.4, 0.8, 0.2, 0.7]


def test_baseline_is_the_moving_average_that_begins_with_the_first_reward() -> None:
    state, _ = learnt(Options(baseline_decay=0.8), REWARDS)
    average = REWARDS[0]
    for reward in REWARDS[1:]:
        average = 0.8 * average + 0.2 * reward
    assert state["baseline"] == pytest.approx(average, rel=1e-12)


def test_logits_follow_advantage_entropy_and_warm_up() -> None:
    options = Options(learning_rate=0.3, entropy_weight=0.2, baseline_decay=0.5, warmup_steps=4)
    state, drawn = learnt(options, REWARDS)
    expected, baseline = Logits.equal(3), REWARDS[0]
    for step, (reward, candidate) in enumerate(zip(REWARDS, drawn, strict=True), 1):
        p = np.exp(expected.values) / np.exp(expected.values).sum()
        score = np.eye(3)[candidate] - p
        entropy = -(p * np.log(p)).sum()
        gradient = (reward - baseline) * score - 0.2 * p * (np.log(p) + entropy)
        expected.ascend(gradient, 0.3 * min(1, step / 4))
        baseline = 0.5 * baseline + 0.5 * reward
    np.testing.assert_allclose(state["layers"][0]["candidate"]["values"], expected.values, rtol=1e-6)


def test_optional_inputs_are_learnt_like_candidates() -> None:
    where = [space(1, 3, 1, 2)]
    options = Options(learning_rate=0.3, entropy_weight=0.2, baseline_decay=0.5, warmup_steps=0)
    controller = ReinforceController(options)
    expected, baseline = Logits.equal(3), REWARDS[0]
    for request, reward in enumerate(REWARDS):
        proposed = controller.propose(request, where)
        controller.observe(proposed, reward)
        subset = Subset(expected.values, 1, 2)
        score = subset.score(choices(proposed, where)[0].inputs)
        expected.ascend((reward - baseline) * score + 0.2 * subset.entropy_gradient(), 0.3)
        baseline = 0.5 * baseline + 0.5 * reward
    np.testing.assert_allclose(controller.state()["layers"][0]["inputs"]["values"], expected.values, rtol=1e-6)


def test_one_best_set_of_inputs_is_learnt() -> None:
    where = [space(1, 9, 0, 6)]
    best = {1, 4, 5, 8}
    controller, rng = ReinforceController(Options()), np.random.default_rng(0)
    for request in range(1000):
        proposed = controller.propose(request, where)
        wrong = best.symmetric_difference(choices(proposed, where)[0].inputs)
        controller.observe(proposed, -0.1 * len(wrong) + 0.05 * rng.normal())
    late = Counter(choices(controller.propose(request, where), where)[0].inputs for request in range(1000, 1100))
    assert late[tuple(sorted(best))] > 80


def test_entropy_bonus_makes_choices_uniform_where_rewards_are_equal() -> None:
    where = [space(4)]
    controller = ReinforceController(Options(entropy_weight=0.01))
    proposed = controller.propose(0, where)
    state = controller.state()
    state["layers"][0]["candidate"]["values"] = [3.0, -1.0, 0.0, 0.5]
    controller.restore(state)
    for _ in range(500):
        controller.observe(proposed, 0.7)
    np.testing.assert_allclose(
        Categorical(controller.state()["layers"][0]["candidate"]["values"]).probabilities, 0.25, atol=0.01
    )


def test_layer_that_was_edited_is_learnt_anew() -> None:
    before, after = space(3), space(4)
    controller = ReinforceController(Options(warmup_steps=0))
    for request in range(5):
        controller.observe(controller.propose(request, [before]), float(request))
    proposed = controller.propose(5, [after])
    assert controller.state()["layers"][0]["candidate"]["values"] == [0.0] * 4
    controller.observe(proposed, 9.0)
    assert any(controller.state()["layers"][0]["candidate"]["values"])


def test_reward_of_another_architecture_than_was_proposed_is_learnt_from() -> None:
    where = [space(3)]
    controller = ReinforceController(Options(warmup_steps=0, entropy_weight=0.0))
    controller.propose(0, where)
    for reward in (0.0, 1.0):
        controller.observe(to_json([(where[0], Choice(2, ()))]), reward)
    values = controller.state()["layers"][0]["candidate"]["values"]
    assert values[2] > 0 > values[0] == values[1]
