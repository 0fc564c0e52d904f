"""Architectures from a file: `NASCOMPILE_ARCHITECTURE=best.json`, or `best.json#2` for the second best alone.

At the end of a process, what the file holds of modules that built something, and nothing asked for, is said: a typing
error would have been ignored, and a layer that is gone may have left its name to another.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Sequence

from nascompile_runtime.architecture import Architecture, read_architectures
from nascompile_runtime.backends.base import Backend, GivenAnswer
from nascompile_runtime.ending import Ending

VARIABLE = "NASCOMPILE_ARCHITECTURE"
_SHOWN = 5


class GivenBackend(Backend):
    """A list of architectures: the n-th request takes the n-th of them, and after the last the first again."""

    def __init__(self, architectures: list[Architecture], origin: str) -> None:
        many = len(architectures) > 1
        self._origin = origin
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

    def listed(self) -> Sequence[GivenAnswer]:
        """All of the list."""
        return self._answers

    def observe(self, architecture: Architecture, reward: float, *, step: bool = True) -> None:
        """A list learns nothing."""

    def left_over(self) -> str | None:
        """What the file holds of modules that built something, and nothing asked for, as one line; None for nothing."""
        found: dict[str, bool] = {}
        for answer in self._answers:
            keys = answer.found()
            if any(keys.values()):  # else its turn never came
                found.update({key: found.get(key, False) or is_found for key, is_found in keys.items()})
        modules = {_module(key) for key, is_found in found.items() if is_found}
        unused = [key for key, is_found in found.items() if not is_found and _module(key) in modules]
        if not unused:
            return None
        shown = ", ".join(map(repr, unused[:_SHOWN]))
        more = f" and {len(unused) - _SHOWN} more" if len(unused) > _SHOWN else ""
        return f"{self._origin} holds what was not built here, so it changed nothing: {shown}{more}"


def _module(key: str) -> str:
    return key.partition("/")[0]


def open_backend() -> GivenBackend | None:
    """The list that `NASCOMPILE_ARCHITECTURE` names, or None. Raises ArchitectureError where it cannot be read."""
    path = os.environ.get(VARIABLE, "")
    if not path:
        return None
    backend = GivenBackend(read_architectures(path), path)
    atexit.unregister(_tell_left_over)  # of a search that was forgotten, in this process, nothing is to be said
    atexit.register(_tell_left_over, backend, Ending(), os.getpid())
    return backend


def _tell_left_over(backend: GivenBackend, ending: Ending, process: int) -> None:
    """Say at the end of the process what was left over; of one that failed, not all was built that would have been."""
    if os.getpid() == process and ending.failure() is None and (line := backend.left_over()):
        print(f"nascompile: {line}", file=sys.stderr, flush=True)
