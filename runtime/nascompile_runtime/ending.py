"""How this process ends: what runs at its end by `atexit` runs when it fails too, and Python does not say which it is.

    ending = Ending()
    atexit.register(lambda: print(ending.failure()))      # None, "ValueError: bad", "sys.exit(2)"

Nothing tells of a bare `raise SystemExit(2)`; and a process that is killed runs nothing at its end.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn


class Ending:
    """Watches how this process comes to its end, from the time when it is made."""

    def __init__(self) -> None:
        self._exit = sys.exit
        sys.exit = self._noted_exit
        self.goes_on()

    def goes_on(self) -> None:
        """Note that the process is still at work: it survived whatever was raised or printed so far."""
        self._survived = last_error()
        self._status: Any = None

    def failure(self) -> str | None:
        """What the process ends with, asked at its end: None where it ends well."""
        error = last_error()
        if error is not None and error is not self._survived:
            first_line = str(error).partition("\n")[0]
            return type(error).__name__ + (f": {first_line}" if first_line else "")
        is_code = self._status is None or isinstance(self._status, int)
        return None if is_code and not (self._status or 0) & 0xFF else f"sys.exit({self._status!r:.80})"

    def _noted_exit(self, status: Any = None, /) -> NoReturn:
        self._status = status
        self._exit(status)


def last_error() -> BaseException | None:
    """The last exception that nothing handled; the interpreter notes it when it prints the traceback."""
    return getattr(sys, "last_value", None)
