"""A search on disk, so that a trial goes on where the one before it ended.

    NASCOMPILE_CONFIG='{"controller": "evolution", "checkpoint": "search.json"}' python trial.py

    {"controller": "evolution", "optimize_mode": "maximize", "requests": 9, "rewards": 8, "not_finite": 1, "state": ...}

The file is replaced as a whole, so whatever ends a trial, there is always a good one. One trial at a time goes on with
it: of two, each would overwrite what the other one has learnt.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import Annotated, Any, TypeAlias

import msgspec

from nascompile_runtime.backends.lock import LockedError, hold
from nascompile_runtime.controllers import Controller
from nascompile_runtime.options import Options

_PERIOD = 5.0
"""Seconds between two writes, at least."""

_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]


class CheckpointError(ValueError):
    """A checkpoint that cannot be read or written, or that is of another search; nothing was changed."""


class Progress(msgspec.Struct):
    """How far a search has come."""

    requests: _Count = 0
    rewards: _Count = 0
    not_finite: _Count = 0
    """How many of the rewards no controller could learn from."""


class _Saved(msgspec.Struct, forbid_unknown_fields=True):
    controller: str
    optimize_mode: str
    requests: _Count
    rewards: _Count
    not_finite: _Count
    state: dict[str, Any]


class Checkpoint:
    """The file that the option `checkpoint` names."""

    def __init__(self, options: Options) -> None:
        self.name = options.checkpoint
        self._path = os.path.realpath(self.name)  # the trial may change its directory
        self._controller = options.controller
        self._optimize_mode = options.optimize_mode
        self._written = -_PERIOD
        self._exists = self._failed = False

    def restore(self, controller: Controller) -> Progress:
        """Have the controller go on with the search that the file holds, if there is one; no other process may then.

        Raises:
            CheckpointError: the file cannot be read, holds no search, or one of another controller or optimize_mode; or
                another process goes on with it.
        """
        try:
            hold(self._path)
        except LockedError as error:
            raise CheckpointError(
                f"{self.name}: another process{f' ({error.process})' * bool(error.process)} goes on with this search; "
                "run one trial after the other, or give each a file of its own"
            ) from None
        try:
            with open(self._path, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return Progress()
        except OSError as error:
            raise CheckpointError(f"{self.name}: cannot read the checkpoint: {error.strerror or error}") from None
        try:
            saved = msgspec.json.decode(content, type=_Saved)
            self._check("controller", saved.controller, self._controller)
            self._check("optimize_mode", saved.optimize_mode, self._optimize_mode)
            controller.restore(saved.state)
        except msgspec.DecodeError as error:  # also a wrong state: ValidationError is a DecodeError
            raise CheckpointError(
                f"{self.name}: this is no checkpoint of a search ({error}); move it away, or name another file"
            ) from None
        return Progress(saved.requests, saved.rewards, saved.not_finite)

    def save(self, controller: Controller, progress: Progress, *, now: bool = False) -> None:
        """Write the file, if the last time is long enough ago or it has to be `now`.

        A file that could be written before and cannot any more is only warned of: the trial is worth more.

        Raises:
            CheckpointError: the file could not be written even once.
        """
        if not now and time.monotonic() < self._written + _PERIOD:
            return
        self._written = time.monotonic()
        counts = progress.requests, progress.rewards, progress.not_finite
        saved = _Saved(self._controller, self._optimize_mode, *counts, controller.state())
        try:
            _replace(self._path, msgspec.json.encode(saved))
        except OSError as error:
            message = f"{self.name}: cannot write the checkpoint: {error.strerror or error}"
            if not self._exists:
                raise CheckpointError(message) from None
            if not self._failed:
                print(f"nascompile: {message}; the file stays as it was", file=sys.stderr, flush=True)
            self._failed = True
        else:
            self._exists, self._failed = True, False

    def _check(self, option: str, before: str, now: str) -> None:
        if before != now:
            raise CheckpointError(
                f"{self.name}: the search in this checkpoint has {option} {before!r}, and the options say {now!r}; "
                f"go on with {before!r}, or give the new search another file"
            )


def _replace(path: str, content: bytes) -> None:
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise
