"""What is told of a run that did not search: one line on standard error, at its end.

    nascompile: 20 results, all of one architecture (20 requested, none loaded): give the session, ...

No compiler can see whether the loop that asks is ever entered, nor with which session. A given architecture is no
search; and where an error ends the run, that is told. What `nascompile exec` or `derive` has said of it in the same
process is not said again.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Literal

from nascompile_runtime.ending import last_error
from nascompile_runtime.parameters import Trial, trial

if TYPE_CHECKING:
    from nascompile_runtime.ranking.points import Point

_UPDATE = "put @nni.training_update(tf=tf, session=session, loss=loss, feed_dict=...) into the loop"


def watch_search(needs: Literal["loads", "updates"]) -> None:
    """Note what this process needs to search, and see to it that it is told at its end if there was none of it."""
    trial().account.searches_by = needs
    _tell_at_exit()


def judge_run(search: Trial) -> str | None:
    """What to tell of a search at its end, if anything."""
    steps = max(search.results, search.requests_here)
    if steps < 2 or not search.has_choice:
        return None
    if search.account.searches_by == "loads":
        return _judge_loads(search)
    if search.account.searches_by == "updates" and not search.account.updates:
        return (
            f"{_many(search.results, 'result')}, and no update of the architecture weights, which are what they were "
            f"at first: {_UPDATE}"
        )
    return None


def judge_ranking(ranked: Iterable[Point], search: Trial) -> str | None:
    """What to tell of a ranking by weights that this run cannot have trained, if anything."""
    account = search.account
    if account.searches_by == "updates":
        if account.updates != 0 or not search.has_choice:
            return None
        return (
            "the architecture weights were never updated, so to them none of these is more probable than another: "
            f"{_UPDATE}"
        )
    if account.searches_by != "loads" or (search.in_use.given and not account.loads):
        return None  # a list that is ranked was found by another run
    trained = account.candidates or {(space.key, search.start.choice(space).candidate) for space in search.spaces}
    points = (zip(search.spaces, point, strict=True) for point in ranked)
    candidates = {(space.key, choice.candidate) for point in points for space, choice in point}
    if candidates <= trained:
        return None
    return (
        f"of the {_many(len(candidates), 'candidate')} in this ranking {len(candidates & trained):,} were trained in "
        "this run; scores with the others count only if trained weights were restored"
    )


def topic_of(search: Trial) -> str:
    """What messages of this module on a search are about, where two of them would be one too many."""
    return "updates" if search.account.searches_by == "updates" else ""


def _judge_loads(search: Trial) -> str | None:
    if search.account.loads > 1:
        return None
    what = f"{_many(search.results, 'result')}, all of one architecture" if search.results else "one architecture ran"
    if search.account.loads:
        return f"{what}, which was loaded once: put @nni.get_next_parameter(session) into the loop"
    if search.requests_here:
        asked = f"{search.requests_here:,} requested, none loaded"
        return f"{what} ({asked}): give the session, @nni.get_next_parameter(session)"
    return f"{what}, since no other was asked for: put @nni.get_next_parameter(session) into the loop"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


@cache
def _tell_at_exit() -> None:
    atexit.register(_tell)


def _tell() -> None:
    if last_error() is None and (message := judge_run(trial())):
        trial().account.say_once(message, topic_of(trial()), warning="NC702")
