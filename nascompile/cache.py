"""What was compiled before: results by a hash of all that they depend on, in a folder of the user's.

    cache = user_cache()
    cache.get(key)        # what was put there under this key, or None
    cache.put(key, value)

A key covers the file's bytes, its path and module, the options, the Python that runs, and every file of the compiler
with its time of change. Nothing that is read is trusted: what fails its checksum, or is anything but the compiler's own
plain data, counts as not there, and so does a folder that cannot be read or written. The folder is
`NASCOMPILE_CACHE_DIR` (empty: no cache), or else `nascompile` in the user's folder of caches; where nobody knows that
folder, there is no cache. What is read becomes code, so a folder of another user's, or that others may write into, is
not used. What was not asked for in a month is removed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import io
import os
import pickle
import stat
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

ENVIRONMENT = "NASCOMPILE_CACHE_DIR"
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of nascompile; it may be removed.\n"
_DAY = 24 * 60 * 60.0
_KEPT = 30 * _DAY
_CHECKSUM_SIZE = 16


def user_cache() -> Cache | None:
    """Return the user's cache, or None where they want none."""
    folder = os.environ.get(ENVIRONMENT)
    if folder is None:
        home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
        if not os.path.isabs(home):  # nobody knows where the user's folder is, or it is told from where we happen to be
            return None
        folder = os.path.join(home, "nascompile")
    return Cache(folder) if folder and is_trusted(folder) else None


def is_trusted(folder: str) -> bool:
    """Whether a folder is the user's own, and nobody else may write into it; one that is not there yet is."""
    try:
        status = os.stat(folder)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def key_of(*parts: bytes) -> str:
    """Return the key of a result that depends on these things, and on the compiler and Python itself."""
    digest = blake2b(_toolchain(), digest_size=20)
    for part in parts:
        digest.update(f"{len(part)}:".encode())
        digest.update(part)
    return digest.hexdigest()


class Cache:
    """A folder of results. Nothing is raised, whatever is wrong with it."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def get(self, key: str) -> Any:
        """Return what was put there under a key; None where there is nothing, or nothing that is whole."""
        path = self._path(key)
        try:
            data = Path(path).read_bytes()
            if _checksum(data[_CHECKSUM_SIZE:]) != data[:_CHECKSUM_SIZE]:
                return None
            value = _Reader(io.BytesIO(data[_CHECKSUM_SIZE:])).load()
            os.utime(path)
        except Exception:  # of a foreign file, unpickling raises anything
            return None
        return value

    def put(self, key: str, value: object) -> None:
        """Keep a value under a key."""
        data = pickle.dumps(value, protocol=5)
        path = self._path(key)
        temporary = f"{path}.{os.getpid()}.tmp"
        with contextlib.suppress(OSError):
            self._make()
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(temporary).write_bytes(_checksum(data) + data)
            os.replace(temporary, path)

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key[:2], key[2:])

    def _make(self) -> None:
        """Make the folder, for its owner alone and marked as a cache; once a day, remove what is old."""
        tag = Path(self._folder, _TAG)
        if not tag.exists():
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            tag.write_bytes(_TAG_TEXT)
        elif time.time() - tag.stat().st_mtime > _DAY:
            tag.touch()
            for path in self._entries():
                with contextlib.suppress(OSError):
                    if time.time() - path.stat().st_mtime > _KEPT:
                        path.unlink()

    def _entries(self) -> Iterator[Path]:
        yield from Path(self._folder).glob("[0-9a-f][0-9a-f]/*")


class _Reader(pickle.Unpickler):
    """Reads data of the compiler's own: a pickle may otherwise call anything."""

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] == "nascompile":
            found = super().find_class(module, name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no data of the compiler's")


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=_CHECKSUM_SIZE).digest()


@lru_cache(maxsize=1)
def _toolchain() -> bytes:
    """Return what identifies the compiler and Python: its files, as one that is edited in place keeps its version."""
    package = os.path.dirname(os.path.abspath(__file__))
    files = []
    for folder, _, names in os.walk(package):
        for name in names:
            if name.endswith(".py"):
                status = os.stat(path := os.path.join(folder, name))
                files.append((path, status.st_mtime_ns, status.st_size))
    return blake2b(repr((sys.version, sorted(files))).encode()).digest()
