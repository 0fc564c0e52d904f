"""What deriving does in a session: selects architectures one by one, and measures each with the weights as they are.

    with evaluating(session, signal, accuracy, [feed, ...], recalibrate=None) as measure:
        signal.load(session, ...)              # selects an architecture
        measure()                              # {"default": 0.93}: averaged over the feeds

Each feed counts the same, whatever the size of its batch. It works on finalized graphs and in monitored sessions, whose
hooks see none of it, and leaves no trace: afterwards the signal and the statistics are what they were before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.derive import derive
from nascompile_runtime.graph.explaining import explained
from nascompile_runtime.graph.signal import (
    Session,
    Signal,
    between_steps,
    default_session,
    find_signal,
    run_between_steps,
)
from nascompile_runtime.graph.statistics import Statistics, Written
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.parameters import trial
from nascompile_runtime.ranking.points import Point
from nascompile_runtime.ranking.report import Entry
from nascompile_runtime.ranking.stages import Plan
from nascompile_runtime.reports import Number, numbers_of

Feed: TypeAlias = Mapping[Any, Any] | None
Measure: TypeAlias = Callable[[], dict[str, Number]]
Select: TypeAlias = Callable[[Session, Signal, Mapping[LayerSpace, Choice]], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How an architecture is measured."""

    metric: Any
    """A scalar tensor, a dictionary of them whose "default" is the one that counts, or a function that gives the same
    as numbers when it is called with the session and a feed."""
    feed_dict: Any = None
    """A feed, a list of feeds, or a function that gives them, called anew for each architecture; None feeds nothing."""
    recalibrate: Any = None
    """Training feeds, in the same forms. The graph's UPDATE_OPS are run on them before an architecture is measured, and
    what they write to is put back afterwards. How far the statistics of batch normalisation move with a feed is the
    momentum of the user's layers, so it takes some tens of feeds at a momentum of 0.9."""


def derive_in(
    session: Session, signal_name: str, select: Select, plan: Plan, evaluation: Evaluation, **wanted: Any
) -> list[Entry]:
    """Rank architectures of the graph of a session, or without one of the default session.

    `select` loads an architecture, the choices of all layers, into the session by way of the mode's signal; the
    `wanted` are `samples`, `top` and `output`. For what is returned and raised see `derive` and `evaluating`, and:

    Raises:
        ValueError: there is no session, or its graph has no mutable layer.
    """
    session = session or default_session()
    if session is None:
        raise ValueError("derive needs the session with the trained weights: derive(session=...)")
    signal = find_signal(session, signal_name)
    if signal is None:
        raise ValueError("derive: the graph of the session has no mutable layer, so there is nothing to rank")
    spaces = trial().spaces
    with evaluating(session, signal, evaluation) as measure:

        def score(point: Point) -> dict[str, Number]:
            select(session, signal, dict(zip(spaces, point, strict=True)))
            return measure()

        return derive(score, plan, **wanted)


@contextmanager
def evaluating(session: Session, signal: Signal, evaluation: Evaluation) -> Iterator[Measure]:
    """A function that measures the architecture that the session then runs.

    Raises:
        TypeError: the metric or a feed is something else, or gives something else, than `Evaluation` says.
        ValueError: there is no feed in a list, or nothing to recalibrate.
    """
    _check_metric(session, evaluation.metric)
    feeds = _feeds("feed_dict", evaluation.feed_dict)
    training_feeds = _feeds("recalibrate", evaluation.recalibrate)
    statistics = None if evaluation.recalibrate is None else Statistics(session.graph)
    written = Written(session.graph, _operations(session.graph, evaluation.metric))

    def measured() -> dict[str, Number]:
        results = []
        with written.kept(session):
            for feed in feeds():
                # A streaming metric would go on from the architectures before.
                written.reset(session)
                results.append(numbers_of(_measure(session, evaluation.metric, feed)))
        return {name: sum(result[name] for result in results) / len(results) for name in results[0]}

    def measure() -> dict[str, Number]:
        if statistics is None:
            return measured()
        with statistics.kept(session):
            with explained("derive", "recalibrate"):
                for feed in training_feeds():
                    statistics.update(session, feed)
            return measured()

    with signal.kept(session):
        yield measure


def _check_metric(session: Session, metric: Any) -> None:
    if metric is None:
        raise TypeError("derive needs the metric to rank by, metric=...: a scalar tensor")
    if callable(metric) and not tf.is_tensor(metric):
        return
    for tensor in metric.values() if isinstance(metric, Mapping) else [metric]:
        try:
            session.graph.as_graph_element(tensor, allow_operation=False)
        except (TypeError, ValueError, KeyError):
            raise TypeError(
                "derive: the metric is a scalar tensor of the session's graph, a dictionary of them, or a function "
                f"of session and feed, not {tensor!r:.80}"
            ) from None


def _measure(session: Session, metric: Any, feed: Feed) -> Any:
    if callable(metric) and not tf.is_tensor(metric):
        return between_steps(session, lambda inner: metric(inner, feed))
    with explained("derive"):
        return run_between_steps(session, metric, feed)


def _operations(graph: Any, metric: Any) -> list[Any]:
    """What gives the metric; nothing is known of what a function runs."""
    if callable(metric) and not tf.is_tensor(metric):
        return []
    elements = [graph.as_graph_element(value) for value in tf.nest.flatten(metric) if tf.is_tensor(value)]
    return [getattr(element, "op", element) for element in elements]


def _feeds(name: str, given: Any) -> Callable[[], Iterable[Feed]]:
    """What gives the feeds, at least one, each time that it is called."""
    if given is None:
        return lambda: [None]
    if isinstance(given, Mapping):
        return lambda: [given]
    if not callable(given) and not isinstance(given, (list, tuple)):
        raise TypeError(
            f"derive: {name} is a feed, a list of feeds or a function that gives them anew each time it is called, "
            f"not {type(given).__name__} {given!r:.80}"
        )
    if not callable(given) and not given:
        raise ValueError(f"derive: {name} is an empty list; it needs a feed")

    def feeds() -> Iterator[Feed]:
        several = given() if callable(given) else given
        number = 0
        for number, feed in enumerate([several] if isinstance(several, Mapping) else several, 1):
            if not isinstance(feed, Mapping):
                raise TypeError(f"derive: feed {number} of {name} is no dictionary but {feed!r:.80}")
            yield feed
        if not number:
            raise ValueError(f"derive: {name} gave no feeds when it was called")

    return feeds
