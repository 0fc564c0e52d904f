"""What executors of sessions can run."""

from __future__ import annotations

from typing import Any

_SINGLE_THREADED = "SINGLE_THREADED_EXECUTOR"


def check_executor(session: Any) -> None:
    """Check that the session runs switches.

    Raises:
        RuntimeError: its executor does not.
    """
    config = getattr(session, "_config", None)
    if config is not None and config.experimental.executor_type == _SINGLE_THREADED:
        raise RuntimeError(
            f"a session with `experimental.executor_type = {_SINGLE_THREADED!r}` in its configuration cannot run "
            "switches, of which a search space is made: leave it out, or set `inter_op_parallelism_threads = 1`"
        )
