"""A file that one process at a time goes on with: the others are refused, not made to lose each other's results.

The lock is on a file beside it, which is removed when the process ends; where it is killed, the system takes the lock
back. A fork does not hold what its parent holds.
"""

from __future__ import annotations

import atexit
import errno
import os
from contextlib import suppress

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_held: dict[str, int] = {}
"""The files that a process goes on with, by its number: a fork inherits the table, and not the locks."""


class LockedError(Exception):
    """Another process goes on with the file."""

    def __init__(self, process: str) -> None:
        super().__init__(process)
        self.process = process
        """Its number, if it is known."""


def hold(path: str) -> None:
    """Go on with a file until this process ends. Where the system has no locks, or none there, nothing is done.

    Raises:
        LockedError: another process does.
    """
    if fcntl is None or _held.get(path) == os.getpid():
        return
    name = f"{path}.lock"
    try:
        descriptor = _locked(name)
    except OSError:
        return  # what cannot be written there is told where it is written
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    _held[path] = os.getpid()
    atexit.register(_release, name, os.getpid())


def _locked(name: str) -> int:
    while True:
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            process = os.read(descriptor, 32).decode(errors="replace")
            os.close(descriptor)
            if error.errno in (errno.EACCES, errno.EAGAIN):
                raise LockedError(process) from None
            raise
        with suppress(FileNotFoundError):
            if os.path.samestat(os.stat(name), os.fstat(descriptor)):
                return descriptor
        os.close(descriptor)  # its holder has just removed it


def _release(name: str, process: int) -> None:
    if os.getpid() == process:
        with suppress(OSError):
            os.unlink(name)
