"""Told once to who ranks what was never dropped: shared weights that never did without each other score little."""

from __future__ import annotations

from collections.abc import Sequence

from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import VARIABLE, Options
from nascompile_runtime.parameters import trial


def advise_on_layer(space: LayerSpace, options: Options) -> None:
    """Tell of a layer without optional inputs, if its candidates are not dropped either."""
    if _may_rank(space, options) and not space.inputs:
        _tell(f"nothing is ever dropped in {space}")


def advise_on_ranking(spaces: Sequence[LayerSpace], options: Options) -> None:
    """Tell of a ranking of candidates that were never dropped."""
    if any(_may_rank(space, options) for space in spaces):
        _tell("candidates were not dropped while this supernet was trained")


def _may_rank(space: LayerSpace, options: Options) -> bool:
    return len(space.candidates) > 1 and not options.drop_candidates


def _tell(what: str) -> None:
    advice = f"to rank architectures, train with {VARIABLE}='{{\"drop_candidates\": true}}'"
    trial().account.say_once(f"{what}, so scores of sub-graphs mean little; {advice}", topic="drop_candidates")
