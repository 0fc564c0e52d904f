"""Who gives parameters and takes rewards: the first of these that is there.

A new backend is a module here with `open_backend() -> Backend | None` (None where its environment is absent) and a
name in `_ORDER`. Experiment runners stand between a given architecture, which beats everything, and the standalone
controller, which is always there.
"""

from __future__ import annotations

import sys
from importlib import import_module

from nascompile_runtime.backends.base import Backend

_ORDER = ("given", "nni", "standalone")


def open_backend() -> Backend:
    """The backend of this process, by its environment."""
    for name in _ORDER:
        backend: Backend | None = import_module(f"{__name__}.{name}").open_backend()
        if backend is not None:
            _tell_if_spawned(backend)
            return backend
    raise AssertionError("the last backend is always there")


def _tell_if_spawned(backend: Backend) -> None:
    """Say that this is a worker which knows nothing of its parent's search, where that makes a difference."""
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is None or multiprocessing.parent_process() is None or len(backend.listed()) == 1:
        return
    fork = getattr(multiprocessing.context, "ForkProcess", ())  # a fork has all of its parent's state
    if not isinstance(multiprocessing.current_process(), fork):
        print(
            "nascompile: multiprocessing has started this process anew: it begins a search of its own, whatever its "
            "parent runs; fork it instead, or give what it shall run in NASCOMPILE_ARCHITECTURE",
            file=sys.stderr,
            flush=True,
        )
