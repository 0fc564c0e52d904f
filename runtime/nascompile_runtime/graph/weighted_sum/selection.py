"""The sub-architecture that a session of a darts graph runs: one that was given, or else none, the weighted sum.

select(session, answer)      # all else is off, and nothing is weighted: each layer is its sub-graph
select(session, None)        # the weighted sum again
"""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from nascompile_runtime.architecture import Choice
from nascompile_runtime.backends.base import Answer
from nascompile_runtime.graph.gated_sum.gates import selected_paths
from nascompile_runtime.graph.signal import Key, Numbers, Session, Signal, find_signal
from nascompile_runtime.graph.weighted_sum.weights import SELECTED
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.parameters import trial

SIGNAL = "darts"


def initial_selection() -> Answer | None:
    """What a session runs before anything is loaded."""
    start = trial().start
    return start if start.given else None


def selected_in(session: Session) -> Answer | None:
    """What a session runs now."""
    return _selections[session] if session in _selections else initial_selection()


def select(session: Session, selected: Answer | None) -> None:
    """Load a sub-architecture into a session's graph, in one session call if it is another one than before.

    Raises:
        TypeError: `session` is no session.
        ArchitectureError: the architecture does not fit a layer of the session's graph.
    """
    signal = find_signal(session, SIGNAL)
    if signal is not None and selected is not selected_in(session):
        choices = {space: selected.choice(space) if selected else None for space in _layers(signal)}
        _load(session, signal, choices, is_selected=selected is not None)
    _selections[session] = selected


def select_paths(session: Session, signal: Signal, choices: Mapping[LayerSpace, Choice]) -> None:
    """Load the sub-architecture that makes these choices, whatever `select` has selected."""
    _load(session, signal, {space: choices[space] for space in _layers(signal)}, is_selected=True)


def _load(session: Session, signal: Signal, choices: Mapping[LayerSpace, Choice | None], *, is_selected: bool) -> None:
    values: dict[Key, Numbers] = {SELECTED: [float(is_selected)]}
    values.update((space, selected_paths(space, choice)) for space, choice in choices.items())
    signal.load(session, values)


def _layers(signal: Signal) -> list[LayerSpace]:
    return [key for key in signal.keys if isinstance(key, LayerSpace)]


_selections: WeakKeyDictionary[Session, Answer | None] = WeakKeyDictionary()
