"""Requests and reports of a mode in which the whole search space runs, unless someone gave an architecture.

What a controller would draw selects nothing here: that is for modes in which one sub-graph runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from nascompile_runtime import reports
from nascompile_runtime.backends.base import Answer
from nascompile_runtime.graph.signal import Session, check_session
from nascompile_runtime.parameters import trial

Select: TypeAlias = Callable[[Session, Answer], None]
"""Has a session run the sub-graph of a given architecture from now on, and with it all that never loaded any."""


def take_next(session: Session | None, select: Select) -> None:
    """Take the next architecture, and with a session select it there, if it is a given one.

    Raises:
        TypeError: `session` is no session.
    """
    if session is None:
        trial().take_next()
    else:
        check_session(session)
        _load(session, trial().next_to_load(), select)


def load_pending(session: Session, select: Select) -> None:
    """Select what was requested without a session, if anything was."""
    if trial().pending is not None:
        _load(session, trial().next_to_load(), select)


def report_intermediate_result(metric: Any) -> None:
    """Report how the trial goes: a number, or a dictionary with the number under "default"."""
    reports.report_intermediate(metric, trial().selected_architecture())


def report_final_result(metric: Any) -> None:
    """Report the result of a step: a number, or a dictionary with the number under "default"."""
    reward = reports.report_final(metric, trial().selected_architecture(), numbered=True)
    if trial().is_selected:
        trial().observe(reward)


def _load(session: Session, answer: Answer, select: Select) -> None:
    if answer.given:
        select(session, answer)
    trial().load(answer)
