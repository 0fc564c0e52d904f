"""Controllers find the one best architecture of 60 million, under noise, where as many uniform draws do not."""

from __future__ import annotations

import pytest
from searches import KnownOptimum

from nascompile_runtime.controllers import create_controller
from nascompile_runtime.options import Options

STEPS = 1500


@pytest.mark.parametrize("seed", range(20))
def test_optimum_is_found_within_1500_steps_but_not_at_random(seed: int) -> None:
    found = {
        name: KnownOptimum(seed, noise=0.02).steps_to_find(create_controller(name, Options(seed=seed)), STEPS)
        for name in ("evolution", "random")
    }
    assert found["evolution"] is not None
    assert found["random"] is None
