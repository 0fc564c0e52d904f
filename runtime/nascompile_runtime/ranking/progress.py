"""How far a derivation is, on standard error: one line that changes on a terminal, else a line for each tenth.

nascompile: scored 37 of 120 architectures, best 0.9412, 12 s left
"""

from __future__ import annotations

import sys
import time


class Progress:
    """Counts what was scored, of `total`."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._begin = time.monotonic()
        self._is_terminal = sys.stderr.isatty()
        self._shown = -1.0

    def advance(self, best: float | None) -> None:
        """One more was scored; `best` is the best score so far, None if there is none yet."""
        self._done += 1
        now = time.monotonic()
        if not self._is_terminal:
            if self._done * 10 // self._total > (self._done - 1) * 10 // self._total:
                print(self._line(best, now), file=sys.stderr, flush=True)
        elif now - self._shown > 0.1 or self._done == self._total:
            print(f"\r\x1b[K{self._line(best, now)}", end="", file=sys.stderr, flush=True)
            self._shown = now

    def end(self) -> None:
        """Leave the line for good."""
        if self._is_terminal and self._shown >= 0:
            print(file=sys.stderr, flush=True)

    def _line(self, best: float | None, now: float) -> str:
        so_far = "" if best is None else f", best {best:.6g}"
        left = (now - self._begin) / self._done * (self._total - self._done)
        remaining = f", {_duration(left)} left" if self._done < self._total else ""
        return f"nascompile: scored {self._done} of {self._total} architectures{so_far}{remaining}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
