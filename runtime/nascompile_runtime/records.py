"""What a trial tells programs: lines of JSON in the file that `NASCOMPILE_RESULTS` names."""

from __future__ import annotations

import json
import os
from typing import Any

VARIABLE = "NASCOMPILE_RESULTS"


def append_record(record: dict[str, Any]) -> None:
    """Append a line to the file, if there is one to be written.

    Raises:
        OSError: it cannot be written.
    """
    _append(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


def check_recording() -> None:
    """Find out now whether the file can be written, and not at the first result, which may be hours away.

    Raises:
        OSError: it cannot be written.
    """
    _append("")


def is_recording() -> bool:
    """Whether there is a file for records."""
    return bool(os.environ.get(VARIABLE))


def _append(text: str) -> None:
    path = os.environ.get(VARIABLE)
    if not path:
        return
    # Opened each time, so that what was reported is on disk even if the trial dies.
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OSError(error.errno, f"{VARIABLE}: cannot write: {error.strerror}", path) from None
