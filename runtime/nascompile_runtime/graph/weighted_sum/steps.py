"""How many steps the architecture weights of a session have made, also in a run whose checkpoint it goes on from."""

from __future__ import annotations

import tensorflow as tf

from nascompile_runtime.graph.signal import Session, find_signal, run_between_steps
from nascompile_runtime.graph.weighted_sum.selection import SIGNAL
from nascompile_runtime.graph.weighted_sum.weights import step_counter
from nascompile_runtime.parameters import trial


def note_updates(session: Session | None, *, at_once: bool = False) -> None:
    """Note how many there were, where no update in this run tells: asked once, not before there is a result.

    Raises:
        TypeError: `session` is no session.
    """
    search = trial()
    if session is None or search.account.updates is not None or not (at_once or search.results):
        return
    signal = find_signal(session, SIGNAL)
    if signal is None or search.in_use.given:
        return
    try:
        search.account.updates = int(run_between_steps(session, step_counter(signal)))
    except tf.errors.FailedPreconditionError:  # not initialised
        search.account.updates = 0
