"""What the sessions of a oneshot supernet are doing: the rate of dropping, and the sub-architecture if there is one.

Both are loaded as one signal, and only when they change:

    update(session, evaluating=True)        # the graph of `session` now runs at rate 0
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from nascompile_runtime.architecture import Choice
from nascompile_runtime.backends.base import Answer
from nascompile_runtime.graph.dropout_sum.dropout import RATE
from nascompile_runtime.graph.gated_sum.gates import selected_paths
from nascompile_runtime.graph.sessions import PerSession
from nascompile_runtime.graph.signal import Key, Numbers, Session, Signal, find_signal, living_signals
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options
from nascompile_runtime.parameters import trial

SIGNAL = "oneshot"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where one session stands; a new one follows what is in use, at the beginning of the ramp."""

    own: Answer | None = None
    """The given architecture that was selected in this very session."""
    updates: int = 0
    """How many training updates it has made."""
    evaluating: bool = False
    updates_evaluating: int = 0
    """How many of the updates were made since the evaluation began that still goes on."""

    @property
    def selected(self) -> Answer | None:
        """The given architecture that the session runs; None for the whole supernet."""
        in_use = trial().in_use
        return self.own or (in_use if in_use.given else None)

    def rate(self, options: Options) -> float:
        """The probability that all optional inputs of a layer are dropped: r, or less of it on the ramp, or 0."""
        if self.evaluating or self.selected is not None:
            return 0.0
        if self.updates >= options.ramp_steps:
            return options.r
        return options.r * self.updates / options.ramp_steps


def schedule_of(session: Session) -> Schedule:
    """Where a session stands now."""
    return _schedules.get(session) or Schedule()


@cache
def watch_ramp() -> None:
    """See to it that a trial is told when it ends with results and its ramp never moved; `advance` moves it."""
    atexit.register(_tell_idle_ramp)


def advance(session: Session) -> None:
    """Note a training update in a session, and load the rate that the ramp has reached. Raises like `update`."""
    schedule = schedule_of(session)
    if not schedule.updates:
        atexit.unregister(_tell_idle_ramp)
    inside = schedule.updates_evaluating + schedule.evaluating
    if inside > 1:  # one may stand between the two marks; training goes on at the second
        _tell_endless_evaluation(schedule)
    update(session, updates=schedule.updates + 1, updates_evaluating=inside)


def evaluate(session: Session, *, begins: bool) -> None:
    """Note that an evaluation begins in a session or ends, and load the rate that this means. Raises like `update`."""
    schedule = schedule_of(session)
    if begins and schedule.evaluating:
        _tell_endless_evaluation(schedule)
    inside = schedule.updates_evaluating if begins else 0
    update(session, evaluating=begins, updates_evaluating=inside)


def select(session: Session, selected: Answer) -> None:
    """Have a session run a given architecture, and with it all sessions that never loaded any. Raises like `update`."""
    is_new = selected is not trial().in_use
    update(session, own=selected)
    if is_new:
        for living in living_signals(SIGNAL):
            living.put_in_use(_values(living, 0.0, selected.choice))


def update(session: Session, **changes: Any) -> None:
    """Change fields of a session's schedule, and load what its graph has to know of it: at most one session call.

    Raises:
        TypeError: `session` is no session.
        ArchitectureError: the selected architecture does not fit a layer of the session's graph.
    """
    signal = find_signal(session, SIGNAL)
    before = schedule_of(session)
    after = replace(before, **changes)
    rate = after.rate(trial().options)
    # Not where it makes no difference: what was not loaded goes on to follow what is in use.
    if signal is not None and (before.own is not after.own or before.rate(trial().options) != rate):
        signal.load(session, _values(signal, rate, after.selected.choice if after.selected else None))
    _schedules.put(session, after)


def select_paths(session: Session, signal: Signal, choices: Mapping[LayerSpace, Choice]) -> None:
    """Load the sub-architecture that makes these choices, whatever the schedule is: at rate 0, all else off."""
    signal.load(session, _values(signal, 0.0, choices.__getitem__))


def _tell_endless_evaluation(schedule: Schedule) -> None:
    if schedule.selected is None:  # nothing is dropped of a given architecture, in training neither
        trial().account.say_once(
            "training goes on while an evaluation is marked: no path is dropped since @nni.begin_evaluation(session); "
            "put @nni.end_evaluation(session) behind each evaluation",
            warning="NC709",
        )


def _tell_idle_ramp() -> None:
    if trial().tally("final").count:
        message = "ramp_steps is set, but no @nni.training_update was made in a session: nothing was ever dropped"
        print(f"nascompile: {message}", file=sys.stderr, flush=True)


def _values(signal: Signal, rate: float, choose: Callable[[LayerSpace], Choice] | None) -> dict[Key, Numbers]:
    layers = [key for key in signal.keys if isinstance(key, LayerSpace)]
    values: dict[Key, Numbers] = {RATE: [rate]}
    values.update((space, selected_paths(space, choose(space) if choose else None)) for space in layers)
    return values


_schedules: PerSession[Schedule] = PerSession()
