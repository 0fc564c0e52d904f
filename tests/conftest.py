"""What every test starts from: no NASCOMPILE variables, a fresh search, a quiet TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # read when TensorFlow is first imported, so before any test module

from nascompile_runtime import parameters


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites golden files that differ; their tests fail all the same."""
    parser.addoption("--update-golden", action="store_true", help="rewrite golden files that differ, and fail")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files that differ shall be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def fresh_trial(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No parameters, reports or options of another test or of the shell."""
    for name in os.environ:
        if name.startswith("NASCOMPILE_") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NASCOMPILE_CACHE_DIR", "")  # what is tested is the compiler, not what it said before
    parameters.reset()
    yield
    parameters.reset()


@pytest.fixture
def graph() -> Iterator[Any]:
    """A fresh TensorFlow graph, which the test builds in."""
    import tensorflow as tf

    with tf.Graph().as_default() as graph:
        yield graph
