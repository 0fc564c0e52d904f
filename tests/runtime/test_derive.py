"""Deriving in a session: scores are those of the hand-written sub-graphs, and afterwards all is as it was before."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import handwritten
import numpy as np
import pytest
import tensorflow as tf
from handwritten import BLOCK, architectures, by_hand, load_weights, random_weights
from supernet import moved, values_of

from nascompile_runtime import parameters
from nascompile_runtime.layer import candidate
from nascompile_runtime.lookup import MADE_FOR
from nascompile_runtime.parameters import trial
from nascompile_runtime.ranking.points import all_points, point_of

v1 = tf.compat.v1
ALL = list(architectures())
LAYERS = {"enas": "conditional", "oneshot": "dropout_sum", "darts": "weighted_sum"}
each_mode = pytest.mark.parametrize("mode", LAYERS)
BATCHES = [np.random.default_rng(seed).normal(size=[5, handwritten.WIDTH]).astype("float32") for seed in range(3)]
OUTPUT = "best.json"
PLAIN = v1.ConfigProto()  # what runs a few times is not worth optimising
PLAIN.graph_options.rewrite_options.disable_meta_optimizer = True


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"optimize_mode": "minimize", "r": 0.3}')


def runtime(mode: str) -> Any:
    return importlib.import_module(f"nascompile_runtime.graph.{mode}")


class Net:
    """The net of `handwritten` in a mode, and a loss that shows every difference."""

    def __init__(self, mode: str) -> None:
        self.derive = runtime(mode).derive
        self.x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
        self.y = handwritten.annotated(self.x, getattr(runtime(mode), LAYERS[mode]))
        self.loss = loss_of(self.y)

    def feeds(self) -> list[dict[Any, Any]]:
        return [{self.x: batch} for batch in BATCHES]


def loss_of(y: Any) -> Any:
    return tf.reduce_mean(tf.square(y - 0.5))


@pytest.fixture(scope="module")
def truth() -> list[float]:
    """The losses of the hand-written sub-graphs, averaged over the batches, for every architecture."""
    with tf.Graph().as_default(), v1.Session(config=PLAIN) as session:
        x = v1.placeholder(tf.float32, [None, handwritten.WIDTH])
        losses = [loss_of(by_hand(x, each)) for each in ALL]
        load_weights(session, random_weights(4))
        return [float(each) for each in np.mean([session.run(losses, {x: batch}) for batch in BATCHES], axis=0)]


@pytest.fixture
def session(graph: Any) -> Iterator[Any]:
    with v1.Session(config=PLAIN) as session:
        yield session


def prepare(session: Any) -> None:
    session.run(v1.global_variables_initializer())
    load_weights(session, random_weights(4))


def layers_of(architecture: dict[str, Any]) -> dict[str, Any]:
    """An architecture without its fingerprint."""
    return {key: value for key, value in architecture.items() if key != MADE_FOR}


def assert_is_ranked(entries: list[dict[str, Any]], truth: list[float], architectures: list[Any] = ALL) -> None:
    """Whether these are all the architectures, with their true losses, lowest first."""
    found = {json.dumps(layers_of(entry["architecture"]), sort_keys=True): entry["score"] for entry in entries}
    assert len(found) == len(entries) == len(architectures)
    for architecture in architectures:
        expected = truth[ALL.index(architecture)]
        assert found[json.dumps(architecture, sort_keys=True)] == pytest.approx(expected, rel=1e-5)
    assert [entry["score"] for entry in entries] == sorted(found.values())
    assert json.loads(Path(OUTPUT).read_text()) == entries


@each_mode
def test_scores_are_those_of_the_hand_written_sub_graphs(mode: str, session: Any, truth: list[float]) -> None:
    net = Net(mode)
    prepare(session)
    entries = net.derive(session=session, metric=net.loss, feed_dict=net.feeds(), samples=64, top=64, output=OUTPUT)
    assert_is_ranked(entries, truth)


@each_mode
def test_a_sample_of_the_space_has_true_scores_too(mode: str, session: Any, truth: list[float]) -> None:
    net = Net(mode)
    prepare(session)
    entries = net.derive(session=session, metric=net.loss, feed_dict=net.feeds(), samples=30, top=30, output=OUTPUT)
    assert_is_ranked(entries, truth, [layers_of(entry["architecture"]) for entry in entries])


@each_mode
def test_given_list_is_ranked(
    mode: str, session: Any, truth: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("given.json").write_text(json.dumps(ALL[7:30:5]))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", "given.json")
    net = Net(mode)
    prepare(session)
    entries = net.derive(session=session, metric=net.loss, feed_dict=net.feeds(), samples=2, output=OUTPUT)
    assert_is_ranked(entries, truth, ALL[7:30:5])
    runtime(mode).get_next_parameter(session)
    assert layers_of(trial().architecture()) == ALL[7]


@each_mode
def test_finalized_graph_and_monitored_session_see_no_step(mode: str, graph: Any, truth: list[float]) -> None:
    class Hook(v1.train.SessionRunHook):  # type: ignore[misc]
        steps = 0

        def before_run(self, run_context: Any) -> None:
            Hook.steps += 1

    net = Net(mode)
    v1.train.get_or_create_global_step()
    weights = {each.initializer: each for each in v1.trainable_variables()}
    scaffold = v1.train.Scaffold(init_op=v1.global_variables_initializer())
    with v1.train.MonitoredSession(v1.train.ChiefSessionCreator(scaffold, config=PLAIN), [Hook()]) as session:
        values = random_weights(4)
        feed = {initializer.inputs[1]: values[each.op.name] for initializer, each in weights.items()}
        session.run_step_fn(lambda step_context: step_context.session.run(list(weights), feed))
        entries = net.derive(session=session, metric=net.loss, feed_dict=net.feeds(), samples=64, top=64, output=OUTPUT)
        assert Hook.steps == 0
        entries_by_call = net.derive(
            session=session,
            metric=lambda inner, feed: inner.run(net.loss, feed),
            feed_dict=net.feeds,
            samples=64,
            top=64,
            output=OUTPUT,
        )
        assert Hook.steps == 0
    assert_is_ranked(entries, truth)
    assert entries_by_call == entries


def test_enas_runs_the_architecture_again_that_it_ran_before(session: Any) -> None:
    from nascompile_runtime.graph import enas

    net = Net("enas")
    prepare(session)
    feed, outputs = net.feeds()[0], []
    for prepare_next in (lambda: None, lambda: enas.get_next_parameter(session), enas.get_next_parameter):
        prepare_next()
        before = session.run(net.y, feed), trial().current, trial().pending, trial().requests, trial().architecture()
        net.derive(session=session, metric=net.loss, feed_dict=feed, samples=20, output=OUTPUT)
        after = session.run(net.y, feed), trial().current, trial().pending, trial().requests, trial().architecture()
        np.testing.assert_array_equal(before[0], after[0])
        assert before[1:] == after[1:]
        outputs.append(before[0])
    assert not np.array_equal(outputs[0], outputs[1])


def test_enas_scores_what_the_controller_has_learned_to_propose(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from nascompile_runtime.graph import enas

    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"controller": "reinforce", "learning_rate": 0.3, "warmup_steps": 0}')
    net = Net("enas")
    prepare(session)

    def likes(architecture: Any) -> bool:
        return bool(architecture[BLOCK]["h1"]["chosen_layer"] == "double()")

    for _ in range(60):
        enas.get_next_parameter(session)
        enas.report_final_result(float(likes(trial().architecture())))
    entries = net.derive(session=session, metric=net.loss, feed_dict=net.feeds()[0], samples=12, top=12, output=OUTPUT)
    assert sum(likes(entry["architecture"]) for entry in entries) >= 11  # of 12; half of all are like that


@each_mode
def test_sampled_variables_stand_beside_the_layers(mode: str, session: Any) -> None:
    net = Net(mode)
    value = runtime(mode).variable("m/rate/uniform", "uniform", 0, 1)
    prepare(session)
    net.derive(session=session, metric=net.loss, feed_dict=net.feeds()[0], samples=3, output=OUTPUT)
    entries = json.loads(Path(OUTPUT).read_text(encoding="utf-8"))
    assert [entry["architecture"]["m/rate/uniform"] for entry in entries] == [value] * len(entries)


@pytest.mark.parametrize("config", [{"ramp_steps": 4}, {}])
def test_oneshot_goes_on_where_it_was(config: dict[str, Any], session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from nascompile_runtime.graph import oneshot

    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"r": 0.6} | config))
    parameters.reset()
    net = Net("oneshot")
    prepare(session)
    feed = net.feeds()[0]
    drawn = len({session.run(net.loss, feed) for _ in range(20)})
    assert (drawn == 1) == bool(config)  # nothing is dropped at the foot of the ramp
    net.derive(session=session, metric=net.loss, feed_dict=feed, samples=20, output=OUTPUT)
    assert (len({session.run(net.loss, feed) for _ in range(20)}) == 1) == bool(config)
    oneshot.begin_evaluation(session)
    whole = session.run(net.loss, feed)
    net.derive(session=session, metric=net.loss, feed_dict=feed, samples=20, output=OUTPUT)
    assert {session.run(net.loss, feed) for _ in range(20)} == {whole}
    oneshot.end_evaluation(session)
    for _ in range(4):
        oneshot.training_update(session=session)
    assert len({session.run(net.loss, feed) for _ in range(20)}) > 1


def test_darts_goes_on_as_the_weighted_sum(session: Any) -> None:
    from nascompile_runtime.graph import darts
    from nascompile_runtime.graph.weighted_sum.reading import read_weights

    net = Net("darts")
    prepare(session)
    feed = net.feeds()[0]
    for _ in range(20):
        darts.training_update(session=session, loss=net.loss, feed_dict=feed)
    before = session.run(net.y, feed), read_weights(session)
    scored: list[Any] = []

    def metric(session: Any, feed: Any) -> Any:
        scored.append(session.run(net.loss, feed))
        return scored[-1]

    net.derive(session=session, metric=metric, feed_dict=feed, samples=10, top=30, output=OUTPUT)
    np.testing.assert_array_equal(session.run(net.y, feed), before[0])
    assert read_weights(session) == before[1]
    # The most probable ones of all 64, and beside them the uniform draws, some of which are of the same.
    readings = before[1]
    probable = sorted(all_points(list(readings)), key=lambda point: -_log_probability(point, readings))[:10]
    ranked = [point_of(entry["architecture"], list(readings)) for entry in json.loads(Path(OUTPUT).read_text())]
    assert set(ranked) == set(probable)
    assert 10 < len(scored) <= 20
    darts.training_update(session=session, loss=net.loss, feed_dict=feed)
    assert read_weights(session) != before[1]


def _log_probability(point: Any, readings: Any) -> float:
    total = 0.0
    for choice, reading in zip(point, readings.values(), strict=True):
        total += reading.candidates[choice.candidate] if reading.candidates else 0.0
        total += sum(reading.inputs[position] for position in choice.inputs) if reading.inputs else 0.0
    return total


@each_mode
def test_interrupted_derivation_leaves_the_session_as_it_was(mode: str, session: Any) -> None:
    net = Net(mode)
    prepare(session)
    feed = net.feeds()[0]
    runtime(mode).get_next_parameter(session)
    if mode == "oneshot":
        runtime(mode).begin_evaluation(session)
    before = session.run(net.y, feed)
    calls = []

    def metric(session: Any, feed: Any) -> Any:
        calls.append(feed)
        if len(calls) == 10:
            raise KeyboardInterrupt
        return session.run(net.loss, feed)

    with pytest.raises(KeyboardInterrupt):
        net.derive(session=session, metric=metric, feed_dict=feed, samples=64, output=OUTPUT)
    assert len(json.loads(Path(OUTPUT).read_text())) == 9
    np.testing.assert_array_equal(session.run(net.y, feed), before)


@each_mode
def test_weights_and_slots_stay_bit_for_bit(mode: str, session: Any) -> None:
    net = Net(mode)
    train = v1.train.AdamOptimizer().minimize(net.loss)
    prepare(session)
    session.run(train, net.feeds()[0])
    before = values_of(session)
    net.derive(session=session, metric=net.loss, feed_dict=net.feeds(), samples=20, output=OUTPUT)
    assert not moved(before, values_of(session))


# Feeds and metrics


def test_feeds_of_every_form_count_the_same(session: Any, truth: list[float]) -> None:
    net = Net("enas")
    prepare(session)
    feeds = net.feeds()
    uneven = [{net.x: BATCHES[0]}, {net.x: BATCHES[1][:1]}]
    lists: list[Any] = [
        net.derive(session=session, metric=net.loss, feed_dict=given, samples=64, top=64, output=OUTPUT)
        for given in (feeds, tuple(feeds), lambda: feeds, lambda: iter(feeds))
    ]
    assert all(each == lists[0] for each in lists)
    singles = [
        net.derive(session=session, metric=net.loss, feed_dict=given, samples=64, top=64, output=OUTPUT)
        for given in (*uneven, lambda: uneven[0])
    ]
    assert singles[0] == singles[2]
    scores = [{json.dumps(one["architecture"]): one["score"] for one in each} for each in singles]
    both = net.derive(session=session, metric=net.loss, feed_dict=uneven, samples=64, top=64, output=OUTPUT)
    for entry in both:
        key = json.dumps(entry["architecture"])
        assert entry["score"] == pytest.approx((scores[0][key] + scores[1][key]) / 2)


def test_metric_may_need_no_feed_and_have_others_beside_it(session: Any, capsys: pytest.CaptureFixture[str]) -> None:
    net = Net("oneshot")
    prepare(session)
    loss = loss_of(handwritten.annotated(tf.constant(BATCHES[0]), runtime("oneshot").dropout_sum))
    session.run(v1.global_variables_initializer())
    with session.as_default():
        net.derive(metric={"default": loss, "count": tf.constant(5)}, samples=4, output=OUTPUT)
    assert "(count 5)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"feed_dict": iter([{}])}, "feed_dict is a feed, a list of feeds or a function .* not list_iterator"),
        ({"feed_dict": []}, "feed_dict is an empty list"),
        ({"feed_dict": list}, "feed_dict gave no feeds"),
        ({"feed_dict": [{}, 3]}, "feed 2 of feed_dict is no dictionary but 3"),
        ({"recalibrate": 5}, "recalibrate is a feed"),
        ({"recalibrate": {}}, "recalibrate has nothing to refresh: the graph has no UPDATE_OPS"),
        ({"metric": None}, "derive needs the metric"),
        ({"metric": lambda session, feed: [1.0, 2.0]}, "a metric is a number, not list"),
        ({"samples": 0}, "samples is 0"),
    ],
)
@each_mode
def test_what_cannot_be_is_said(mode: str, wrong: dict[str, Any], message: str, session: Any) -> None:
    choices = [
        candidate("double()", "h/double", handwritten.double),
        candidate("dense()", "h/dense", handwritten.dense),
    ]
    getattr(runtime(mode), LAYERS[mode])("b", "h", layer_choice=choices, fixed_inputs=[tf.constant(BATCHES[0])])
    arguments = {"session": session, "metric": lambda session, feed: 1.0, "output": OUTPUT} | wrong
    with pytest.raises((TypeError, ValueError), match=message):
        runtime(mode).derive(**arguments)
    assert not os.path.exists(OUTPUT)


@each_mode
def test_missing_session_is_said(mode: str) -> None:
    with pytest.raises(ValueError, match="derive needs the session"):
        runtime(mode).derive(metric=1.0)


@each_mode
def test_graph_without_layers_is_said(mode: str, session: Any) -> None:
    with pytest.raises(ValueError, match="has no mutable layer"):
        runtime(mode).derive(session=session, metric=tf.constant(1.0))


# Batch normalisation


def normalised(inputs: list[Any], shift: float) -> Any:
    """A candidate whose output depends on its moving average alone, which an update operation moves."""
    ((x,), _) = inputs
    average = v1.get_variable("average", [], trainable=False, initializer=v1.zeros_initializer())
    nearer = average - (average - tf.reduce_mean(x + shift)) * 0.5
    output = x + average
    with tf.control_dependencies([output]):  # reference variables are read whenever it happens
        v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, v1.assign(average, nearer))
    return output


def normalising_net(mode: str, x: Any) -> Any:
    def layer(name: str, x: Any) -> Any:
        return getattr(runtime(mode), LAYERS[mode])(
            BLOCK,
            name,
            layer_choice=[
                candidate(f"normalised({shift})", f"{name}/normalised_{shift}", normalised, float(shift))
                for shift in range(3)
            ],
            fixed_inputs=[x],
        )

    return layer("second", layer("first", x))


@pytest.mark.parametrize("resource", [True, False], ids=["resource", "reference"])
@each_mode
def test_recalibration_refreshes_the_statistics_of_each_architecture_alone(
    mode: str, resource: bool, graph: Any
) -> None:
    switch = v1.enable_resource_variables if resource else v1.disable_resource_variables
    switch()
    try:
        x = v1.placeholder(tf.float32, [2])
        metric = tf.reduce_sum(normalising_net(mode, x))
        kept = v1.get_variable("kept", [], trainable=False, initializer=v1.ones_initializer())
        initializer = v1.global_variables_initializer()
    finally:
        v1.enable_resource_variables()
    graph.finalize()
    feeds = [{x: [1.0, 3.0]}, {x: [5.0, 5.0]}]
    with v1.Session(config=PLAIN) as session:
        session.run(initializer)
        session.run(graph.get_collection(v1.GraphKeys.UPDATE_OPS), {x: [0.25, 0.5]})
        starts = values_of(session)
        entries = runtime(mode).derive(
            session=session, metric=metric, feed_dict={x: [0.0, 0.0]}, recalibrate=feeds, top=9, output=OUTPUT
        )
        assert not moved(starts, values_of(session))
        assert session.run(kept) == 1.0
    assert len(entries) == 9
    for entry in entries:
        chosen = {name: layer["chosen_layer"] for name, layer in entry["architecture"][BLOCK].items()}
        first, second = (float(chosen[name][len("normalised(") : -1]) for name in ("first", "second"))
        averages = [
            starts[f"{name}/normalised_{shift:.0f}/average"] for name, shift in (("first", first), ("second", second))
        ]
        for mean in (2.0, 5.0):
            passed = mean + averages[0]  # the first layer's output with its average as it is read before the update
            averages = [(averages[0] + mean + first) / 2, (averages[1] + passed + second) / 2]
        assert entry["score"] == pytest.approx(2 * sum(averages)), chosen
