"""What a search has done so far."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from nascompile_runtime.architecture import Choice

Key: TypeAlias = tuple[str, str]
"""A layer, by its block and its name."""
Candidate: TypeAlias = tuple[Key, int]
"""A candidate, by its layer and its position."""


TOLD = "NASCOMPILE_TOLD"
"""Names a process, and the compiler's warnings that it has told: `nascompile exec` compiles and runs in one."""


@dataclass(slots=True)
class Account:
    """What was counted of one search."""

    searches_by: Literal["", "loads", "updates"] = ""
    """What a mode needs to search: architectures that are loaded in turn, or updates of architecture weights."""
    loads: int = 0
    """How often an architecture was loaded in a session."""
    candidates: set[Candidate] = field(default_factory=set)
    """The candidates that were loaded."""
    updates: int | None = None
    """How many steps the architecture weights have made, also in a run before this one; None if nobody has asked."""
    _said: set[str] = field(default_factory=set)

    def load(self, choices: Mapping[Key, Choice]) -> None:
        """Count an architecture that was loaded."""
        self.loads += 1
        self.candidates.update((key, choice.candidate) for key, choice in choices.items())

    def say_once(self, message: str, topic: str = "", warning: str = "") -> None:
        """Tell it on standard error, unless it, or something on the topic, was told before.

        `warning` is the code under which the compiler may have told the same in this process.
        """
        process, *codes = os.environ.get(TOLD, "").split() or [""]
        told = codes if process == str(os.getpid()) else []
        if warning in told or (topic or message) in self._said:
            return
        self._said.add(topic or message)
        if warning:
            os.environ[TOLD] = " ".join([str(os.getpid()), *told, warning])
        print(f"nascompile: {message}", file=sys.stderr, flush=True)
