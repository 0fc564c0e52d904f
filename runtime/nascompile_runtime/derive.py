"""Deriving: architectures of a trained supernet, scored with its shared weights and ranked.

    with evaluating(session, ...) as score:                           # of the mode: score(point) selects and measures
        derive(score, plan_evolution, samples=100, top=10, output="architectures.json")

Which architectures are scored is a mode's plan, see `ranking.stages`. `optimize_mode` says which scores are good. If it
is interrupted, by Ctrl-C or an error, what was scored until then is ranked and written all the same.
"""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from nascompile_runtime.architecture import Architecture, to_json
from nascompile_runtime.fingerprint import fingerprint
from nascompile_runtime.parameters import Trial, trial
from nascompile_runtime.ranking.points import Point, size_of
from nascompile_runtime.ranking.progress import Progress
from nascompile_runtime.ranking.proposals import Uniform
from nascompile_runtime.ranking.ranking import Ranking, Scored
from nascompile_runtime.ranking.report import Entry, entry_of, print_ranking, write_ranking
from nascompile_runtime.ranking.stages import Plan, Stage, plan_everything, plan_list
from nascompile_runtime.reports import Number
from nascompile_runtime.unsearched import judge_ranking, topic_of

SAMPLES, TOP, OUTPUT = 100, 10, "architectures.json"
"""What is meant where the annotation does not say it."""

Score = Callable[[Point], dict[str, Number]]
"""Measures a point: the number "default" counts, and others may be shown beside it."""


def derive(score: Score, plan: Plan, *, samples: int, top: int, output: str) -> list[Entry]:
    """Score at least `samples` architectures, print the `top` best and write them to the file `output`.

    A given list of architectures is scored instead, and a space of no more than `samples` as a whole. A few uniform
    draws may come on top, to compare with.

    Returns:
        The best ones, `{"score": ..., "architecture": ...}`, best first.

    Raises:
        ValueError: `samples` or `top` is no positive whole number, or there is no layer to decide about.
        ArchitectureError: a given architecture does not fit a layer.
    """
    samples, top = _positive("samples", samples), _positive("top", top)
    path = os.fspath(output)
    current = trial()
    if not current.spaces:
        raise ValueError("derive: there is no mutable layer yet, so there is nothing to rank")
    given = _given(current)
    stages = _stages(current, given, plan, samples)
    ranking = Ranking(current.options.optimize_mode == "maximize")
    try:
        _score_all(stages, score, ranking, current, Progress(sum(stage.count for stage in stages)))
    except BaseException:
        many = len(ranking.ranked)
        print(f"nascompile: interrupted; {many} architectures were scored until then", file=sys.stderr, flush=True)
        _tell(ranking, given, current, top, path)
        raise
    return _tell(ranking, given, current, top, path)


def _stages(current: Trial, given: Mapping[Point, Architecture], plan: Plan, samples: int) -> list[Stage]:
    seed = current.options.seed
    if given:
        return plan_list(given, current.spaces, seed)
    if size_of(current.spaces) <= samples:
        return plan_everything(current.spaces)
    return plan(current.spaces, samples, seed)


def _given(current: Trial) -> dict[Point, Architecture]:
    """The architectures that were given, by their points: each is kept as it is, whatever else it holds."""
    given: dict[Point, Architecture] = {}
    for answer in current.backend.listed():
        point = tuple(answer.choice(space) for space in current.spaces)
        given.setdefault(point, answer.architecture(current.spaces))
    return given


def _score_all(stages: list[Stage], score: Score, ranking: Ranking, current: Trial, progress: Progress) -> None:
    known: dict[Point, Scored] = {}
    spare = Uniform(current.spaces, current.options.seed)
    best: Scored | None = None
    try:
        for stage in stages:
            taken = {one.point for one in (ranking.ranked if stage.ranked else ranking.uniform)}
            for point in stage.points(spare, taken):
                scored = known.get(point) or Scored(point, score(point))
                known[point] = scored
                if stage.ranked:
                    ranking.ranked.append(scored)
                    if best is None or ranking.reward(scored) > ranking.reward(best):
                        best = scored
                if stage.uniform:
                    ranking.uniform.append(scored)
                for each in stages:
                    each.proposals.observe(point, ranking.reward(scored))
                progress.advance(best.score if best else None)
    finally:
        progress.end()


def _tell(ranking: Ranking, given: Mapping[Point, Architecture], current: Trial, top: int, path: str) -> list[Entry]:
    """Print and write what was scored."""
    if not ranking.ranked:
        return []
    best = ranking.best_first()[:top]
    print_ranking(ranking, best, current.spaces)
    if message := judge_ranking((scored.point for scored in ranking.ranked), current):
        current.account.say_once(message, topic_of(current))

    def architecture(point: Point) -> Architecture:
        chosen = to_json(zip(current.spaces, point, strict=True))
        return given.get(point) or {**fingerprint(current.spaces), **chosen, **current.values}

    entries = [entry_of(one, architecture(one.point)) for one in best]
    write_ranking(entries, path)
    return entries


def _positive(name: str, value: Any) -> int:
    try:
        number = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = 0
    if number < 1:
        raise ValueError(f"derive: {name} is {value!r}; it is how many architectures, a whole number from 1 on")
    return number
