"""The sub-architecture that a session of a darts graph runs: one that was given, or else none, the weighted sum.

select(session, answer)      # all else is off, and nothing is weighted: each layer is its sub-graph
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nascompile_runtime.architecture import Choice
from nascompile_runtime.backends.base import Answer
from nascompile_runtime.graph.gated_sum.gates import selected_paths
from nascompile_runtime.graph.sessions import PerSession
from nascompile_runtime.graph.signal import Key, Numbers, Session, Signal, find_signal, living_signals
from nascompile_runtime.graph.weighted_sum.weights import SELECTED
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.parameters import trial

SIGNAL = "darts"


def initial_selection() -> Answer | None:
    """What a session runs before anything is loaded in it: what is in use."""
    in_use = trial().in_use
    return in_use if in_use.given else None


def selected_in(session: Session) -> Answer | None:
    """What a session runs now."""
    return _selections.get(session) or initial_selection()


def select(session: Session, selected: Answer) -> None:
    """Load a sub-architecture into a session's graph, in one session call if it is another one than before.

    Sessions that never loaded any run it too from now on.

    Raises:
        TypeError: `session` is no session.
        ArchitectureError: the architecture does not fit a layer of a graph.
    """
    signal = find_signal(session, SIGNAL)
    is_new = selected is not trial().in_use
    values = {living: _values(living, selected.choice) for living in living_signals(SIGNAL)}
    if signal is not None and selected is not _selections.get(session):
        signal.load(session, values[signal])
    _selections.put(session, selected)
    if is_new:
        for living in values:
            living.put_in_use(values[living])


def select_paths(session: Session, signal: Signal, choices: Mapping[LayerSpace, Choice]) -> None:
    """Load the sub-architecture that makes these choices, whatever `select` has selected."""
    signal.load(session, _values(signal, choices.__getitem__))


def _values(signal: Signal, choose: Callable[[LayerSpace], Choice]) -> dict[Key, Numbers]:
    layers = [key for key in signal.keys if isinstance(key, LayerSpace)]
    values: dict[Key, Numbers] = {SELECTED: [1.0]}
    values.update((space, selected_paths(space, choose(space))) for space in layers)
    return values


_selections: PerSession[Answer] = PerSession()
