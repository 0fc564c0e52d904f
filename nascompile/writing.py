"""Writes files so that an old output stays whole, whatever happens: no space, no permission, a kill at any moment.

    with Staging() as staging:
        staging.write("out/net.py", b"...")        # a new file beside the old one
        staging.copy("src/data.csv", "out/data.csv")
    # only here have all of them taken the places of the old ones, one after the other

New files are `.nascompile-<host>-<process>-<random>.tmp` until then. A run that is killed leaves them behind, and the
next one that writes into their folder removes them. A kill while they take their places leaves some of each: for a
whole folder, see `swapping.py`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

_LEFTOVER = re.compile(r"\.nascompile-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.tmp")
_LONGEST_RUN = 24 * 60 * 60  # seconds; what another machine left behind is removed after it


class Staging:
    """Files that take their places together, when the block ends well; if it fails, nothing has changed.

    Errors name the file that was to be written, not the temporary one.
    """

    def __init__(self) -> None:
        self._staged: list[tuple[str, str]] = []
        self._cleared: set[str] = set()

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        try:
            while kind is None and self._staged:
                temporary, target = self._staged[0]
                with _named(temporary, target):
                    os.replace(temporary, target)
                del self._staged[0]
        finally:
            for temporary, _ in self._staged:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)

    def write(self, target: str, data: bytes, mode: int | None = None) -> None:
        """Stage a file of these bytes, and permission bits, that reach the disk before the name does."""
        with self._temporary(target) as temporary, open(temporary, "xb") as file:
            if mode is not None:
                os.chmod(temporary, mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def copy(self, source: str, target: str) -> None:
        """Stage a copy of a file, with its permissions and times, but as nobody else's program: see `permissions`."""
        with self._temporary(target) as temporary:
            shutil.copy2(source, temporary)
            if stat.S_IMODE(os.stat(source).st_mode) != (mode := permissions(source)):
                os.chmod(temporary, mode)

    def link(self, leads_to: str, target: str) -> None:
        """Stage a symlink."""
        with self._temporary(target) as temporary:
            os.symlink(leads_to, temporary)

    @contextlib.contextmanager
    def _temporary(self, target: str) -> Iterator[str]:
        folder = os.path.dirname(target)
        if folder not in self._cleared:
            self._cleared.add(folder)
            remove_leftovers(folder or ".")
        self._staged.append((os.path.join(folder, temporary_name()), target))
        with _named(*self._staged[-1]):
            yield self._staged[-1][0]


def write_atomic(
    path: str | os.PathLike[str], data: bytes, mode: int | None = None, *, follow_symlinks: bool = True
) -> None:
    """Write a file so that whoever opens it finds the old bytes or the new ones, whole, whenever we are stopped.

    `mode` are its permission bits; without it an existing file keeps its own. A symlink is written through, like a
    shell's `>` does, or with `follow_symlinks=False` replaced. What cannot be replaced (`/dev/stdout`, a named pipe)
    is simply written to.

    Raises:
        OSError: nothing was written, and no temporary file is left.
    """
    path = os.fspath(path)
    with contextlib.suppress(FileNotFoundError):
        status = os.stat(path, follow_symlinks=follow_symlinks)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if follow_symlinks and _is_device(path, status):
            with _named(path, path), open(path, "wb", buffering=0) as device:
                rest = memoryview(data)
                while rest:
                    rest = rest[device.write(rest) or 0 :]
            return
        if mode is None and stat.S_ISREG(status.st_mode):
            mode = stat.S_IMODE(status.st_mode)
    target = os.path.realpath(path) if follow_symlinks else os.path.abspath(path)
    with _named(target, path), Staging() as staging:
        staging.write(target, data, mode)


def permissions(path: str) -> int:
    """Return who may do what with a file, without the bits that make a program run as its owner or group."""
    return stat.S_IMODE(os.stat(path).st_mode) & 0o777


def holds(path: str, data: bytes | None, mode: int | None = None, *, follow_symlinks: bool = True) -> bool:
    """Whether a file is there and has these bytes, and permission bits; a device or a pipe is not read for it."""
    try:
        status = os.stat(path, follow_symlinks=follow_symlinks)
        if data is None or not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return False
        return (mode is None or stat.S_IMODE(status.st_mode) == mode) and Path(path).read_bytes() == data
    except OSError:
        return False


def obstacle(folder: str) -> str | None:
    """Return what keeps a folder from being made, or from being one: a file in its place, or in that of a parent's."""
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder) or "."
    return None if os.path.isdir(folder) else folder


def temporary_name() -> str:
    """Return a name for what is not finished yet."""
    return f".nascompile-{_host()}-{os.getpid()}-{os.urandom(8).hex()}.tmp"


def is_leftover(name: str) -> bool:
    """Whether a file's name is that of one that was not finished."""
    return _LEFTOVER.fullmatch(name) is not None


def remove_leftovers(folder: str) -> None:
    """Remove what killed runs left in a folder; the files of one that is still at work stay."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if (match := _LEFTOVER.fullmatch(entry.name)) and is_abandoned(entry, match[1], int(match[2])):
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.path)
                    else:
                        os.unlink(entry.path)


def is_abandoned(entry: os.DirEntry[str], host: str, process: int) -> bool:
    """Whether nobody works any more on what a process of a machine has left, as far as can be known here."""
    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _LONGEST_RUN:
        return True
    if host != _host() or os.name != "posix" or process == os.getpid():
        return False
    try:
        os.kill(process, 0)  # sends nothing, but asks whether one could
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _host() -> str:
    """Return this machine's name, or a container's, as eight digits: what has it may share folders but no processes."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{zlib.crc32(name.encode(errors='replace')):08x}"


@contextlib.contextmanager
def _named(temporary: str, target: str) -> Iterator[None]:
    """Make an error that names the temporary file, or none, name the target."""
    try:
        yield
    except OSError as error:
        if temporary in (error.filename, error.filename2) or error.filename is None:
            error.filename, error.filename2 = target, None
        raise


def _is_device(path: str, status: os.stat_result) -> bool:
    """Whether there is a stream behind the name: standard output may well be a file, that others append to."""
    return not stat.S_ISREG(status.st_mode) or os.path.abspath(path).startswith(("/dev/std", "/dev/fd/", "/proc/"))
