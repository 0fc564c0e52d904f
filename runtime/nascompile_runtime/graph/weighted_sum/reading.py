"""What the architecture weights of a session are, and which architecture they are read as.

read_weights(session)[space]      # Reading(choice=Choice(0, (1,)), candidates=(0.2, -0.1), inputs=(0.0, 0.3), ...)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.explaining import explained
from nascompile_runtime.graph.signal import Session, find_signal, run_between_steps
from nascompile_runtime.graph.weighted_sum.relaxation import log_odds, most_probable
from nascompile_runtime.graph.weighted_sum.selection import SIGNAL
from nascompile_runtime.graph.weighted_sum.weights import Trained, all_weights
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.ranking.proposals import Likeliest


@dataclass(frozen=True, slots=True)
class Reading:
    """The architecture weights of a layer, and what its paths are multiplied with; empty where there is no choice."""

    choice: Choice
    """What they are read as."""
    candidates: tuple[float, ...]
    inputs: tuple[float, ...]
    candidate_factors: tuple[float, ...]
    input_factors: tuple[float, ...]


def read_weights(session: Session) -> dict[LayerSpace, Reading]:
    """The architecture weights of all layers of a session's graph, in one session call. Empty for any other graph.

    Raises:
        TypeError: `session` is no session.
        RuntimeError: the architecture weights were never initialised in it.
    """
    signal = find_signal(session, SIGNAL)
    layers = list(all_weights(signal)) if signal else []
    fetches = [[_fetches(each.candidates), _fetches(each.inputs)] for each in layers]
    with explained("derive"):
        values = run_between_steps(session, fetches) if layers else []
    return {each.space: _reading(each.space, *value) for each, value in zip(layers, values, strict=True)}


def most_probable_points(session: Session, spaces: Sequence[LayerSpace]) -> Likeliest:
    """The architectures of a session's graph in the order of their probability, beginning with what is read."""
    readings = read_weights(session)

    def log_probability(space: LayerSpace, choice: Choice) -> float:
        reading = readings.get(space)
        if reading is None:  # a layer of another graph
            return 0.0
        return log_odds(choice, reading.candidates, reading.inputs)

    start = tuple(readings[space].choice if space in readings else most_probable(space, (), ()) for space in spaces)
    return Likeliest(spaces, start, log_probability)


def _fetches(trained: Trained | None) -> list[Any]:
    return [trained.value, trained.factors] if trained else []


def _reading(space: LayerSpace, candidates: list[Any], inputs: list[Any]) -> Reading:
    weights, factors = [_floats(each) for each in candidates or ((), ())]
    input_weights, input_factors = [_floats(each) for each in inputs or ((), ())]
    choice = most_probable(space, weights, input_weights)
    return Reading(choice, weights, input_weights, factors, input_factors)


def _floats(values: Iterable[Any]) -> tuple[float, ...]:
    return tuple(map(float, values))
