"""Invented programs with annotations at random statement positions keep every promise, in every mode.

`python tests/fuzz/programs.py` tries as many as one likes.
"""

from __future__ import annotations

import random

import pytest
from fuzz.generated import programs, strategy_of
from fuzz.programs import Tally, check_program
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=QUIET)
@given(programs(), st.integers(0, 2**32))
def test_programs_of_all_kinds_of_statements(text: str, number: int) -> None:
    check_program(text, random.Random(number), Tally())


@pytest.mark.filterwarnings("ignore")  # hypothesmith compiles what it invents
@pytest.mark.parametrize("kind", ["grammar", "node"])
def test_programs_of_strange_tokens(kind: str) -> None:
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(strategy_of(kind), st.integers(0, 2**32))
    def check(text: str, number: int) -> None:
        check_program(text, random.Random(number), Tally())

    check()
