"""Controllers find the one best architecture of 60 million, under noise, where as many uniform draws do not."""

from __future__ import annotations

import pytest
from searches import KnownOptimum

from nascompile_runtime.controllers import create_controller
from nascompile_runtime.options import Options


def steps_to_find(name: str, seed: int, within: int) -> int | None:
    return KnownOptimum(seed, noise=0.02).steps_to_find(create_controller(name, Options(seed=seed)), within)


@pytest.mark.parametrize("seed", range(20))
def test_optimum_is_found_within_1000_steps_but_not_at_random(seed: int) -> None:
    evolution, reinforce = steps_to_find("evolution", seed, 1000), steps_to_find("reinforce", seed, 1000)
    assert evolution is not None
    assert reinforce is not None
    assert steps_to_find("random", seed, max(evolution, reinforce)) is None
