"""Architectures from a file: `NASCOMPILE_ARCHITECTURE=best.json`, or `best.json#2` for the second best alone."""

from __future__ import annotations

import os

from nascompile_runtime.architecture import Architecture, read_architectures
from nascompile_runtime.backends.base import Backend, GivenAnswer

VARIABLE = "NASCOMPILE_ARCHITECTURE"


class GivenBackend(Backend):
    """A list of architectures: the n-th request takes the n-th of them, and after the last the first again."""

    def __init__(self, architectures: list[Architecture], origin: str) -> None:
        many = len(architectures) > 1
        self._answers = [
            GivenAnswer(architecture, f"{origin}: entry {number}" if many else origin)
            for number, architecture in enumerate(architectures, 1)
        ]

    def start(self) -> GivenAnswer:
        """The first of the list, which stays there for the first request."""
        return self._answers[0]

    def take(self, request: int, *, step: bool = True) -> GivenAnswer:
        """The architecture whose turn it is."""
        return self._answers[request % len(self._answers)]

    def listed(self) -> list[GivenAnswer]:
        """All of the list."""
        return self._answers

    def observe(self, architecture: Architecture, reward: float, *, step: bool = True) -> None:
        """A list learns nothing."""


def open_backend() -> GivenBackend | None:
    """The list that `NASCOMPILE_ARCHITECTURE` names, or None. Raises ArchitectureError where it cannot be read."""
    path = os.environ.get(VARIABLE, "")
    return GivenBackend(read_architectures(path), path) if path else None
