"""Replaces a folder as a whole, so that whoever looks finds the old files or the new ones, never some of each.

    replace_folder("out", fill, ours)       # fill(".nascompile-….tmp"), and that folder is `out`

The new folder is made beside the old one. All that the old one holds is in it, by hard links, and then what `fill`
writes. One call of the system exchanges the two (`renameat2`); where there is none, the old folder steps aside first,
and a run that is killed between the two steps is made good by the next. Where neither can be had, nothing is done:
another file system, a folder that is a mount point, or that a process works in, which would go with the old one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import zlib
from collections.abc import Callable, Collection, Iterator

from nascompile.writing import is_abandoned, remove_leftovers, temporary_name

_ASIDE = re.compile(r"\.nascompile-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.([0-9a-f]{8})\.old")
_RENAME_EXCHANGE = 2  # of linux/fs.h
_HERE = -100  # AT_FDCWD of fcntl.h: paths are meant from the current folder


def replace_folder(folder: str, fill: Callable[[str], None], ours: Collection[str]) -> bool:
    """Fill a copy of a folder and put it in the folder's place; whether that could be done: if not, nothing changed.

    `ours` are the paths that `fill` decides on, with `/`; other files that come into the folder meanwhile stay.

    Raises:
        OSError: what `fill` raises; it names the file by its place in the folder. Nothing has changed.
    """
    target = os.path.realpath(folder)
    staged = os.path.join(os.path.dirname(target), temporary_name())
    try:
        if _is_worked_in(target) or not _mirror(target, staged):
            return False
        with _named_inside(staged, folder):
            fill(staged)
        try:
            old = _put(staged, target)
        except OSError:
            return False
        if old is not None:
            _rescue(old, target, ours)
            staged = old
        return True
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def recover(folder: str) -> None:
    """Make good what a run that was killed left: the folder that stepped aside, and new ones that were not finished."""
    target = os.path.realpath(folder)
    parent = os.path.dirname(target)
    remove_leftovers(parent)
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            match = _ASIDE.fullmatch(entry.name)
            if match is None or match[3] != _digits(target) or not is_abandoned(entry, match[1], int(match[2])):
                continue
            with contextlib.suppress(OSError):
                if os.path.lexists(target):
                    _rescue(entry.path, target, (), only_missing=True)
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.rename(entry.path, target)


def is_aside(name: str) -> bool:
    """Whether a name is that of a folder that stepped aside for another one."""
    return _ASIDE.fullmatch(name) is not None


def _mirror(target: str, staged: str) -> bool:
    """Make a folder that holds what another one holds, by links; whether it could be made. None of none is made."""
    if not os.path.lexists(target):
        return True
    made = []
    try:
        device = os.stat(target).st_dev
        folders = [(target, staged)]
        while folders:
            folder, copy = folders.pop()
            if os.stat(folder).st_dev != device or not os.access(folder, os.W_OK | os.X_OK):
                return False
            os.mkdir(copy, 0o700)
            made.append((folder, copy))
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append((entry.path, os.path.join(copy, entry.name)))
                    else:
                        os.link(entry.path, os.path.join(copy, entry.name), follow_symlinks=False)
        for folder, copy in reversed(made):
            _like(folder, copy)
    except OSError:
        return False
    return True


def _like(folder: str, copy: str) -> None:
    """Give a new folder the owner, permissions and times of another one."""
    theirs, ours = os.stat(folder), os.stat(copy)
    if (theirs.st_uid, theirs.st_gid) != (ours.st_uid, ours.st_gid):
        os.chown(copy, theirs.st_uid, theirs.st_gid)
    shutil.copystat(folder, copy)


def _put(staged: str, target: str) -> str | None:
    """Put a new folder in the place of an old one, and return where that is then; None where there was none."""
    if not os.path.lexists(target):
        os.rename(staged, target)
        return None
    try:
        _exchange(staged, target)
    except OSError:
        aside = f"{staged.removesuffix('.tmp')}.{_digits(target)}.old"
        os.rename(target, aside)
        try:
            os.rename(staged, target)
        except BaseException:
            os.rename(aside, target)
            raise
        return aside
    return staged


def _exchange(one: str, other: str) -> None:
    """Exchange what two paths name, in one step.

    Raises:
        OSError: the system, or the file system, cannot.
    """
    import ctypes

    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if function is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if function(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _rescue(old: str, target: str, ours: Collection[str], *, only_missing: bool = False) -> None:
    """Move what came into a folder while it was copied, and is not ours to decide on, to the new folder."""
    for folder, _, names in os.walk(old):
        for name in names:
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, old)
            if relative.replace(os.sep, "/") in ours:
                continue
            place = os.path.join(target, relative)
            with contextlib.suppress(OSError):
                is_missing = not os.path.lexists(place)
                if is_missing or (not only_missing and os.lstat(place).st_ino != os.lstat(path).st_ino):
                    os.makedirs(os.path.dirname(place), exist_ok=True)
                    os.replace(path, place)


def _is_worked_in(folder: str) -> bool:
    """Whether a process has its current folder there: we, or another one, where the system shows those."""
    places = ["/proc/self/cwd"]
    with contextlib.suppress(OSError):
        places += [f"/proc/{name}/cwd" for name in os.listdir("/proc") if name.isdigit()]
    within = os.path.join(folder, "")
    for place in places:
        with contextlib.suppress(OSError):
            if f"{os.readlink(place)}{os.sep}".startswith(within):
                return True
    return f"{os.path.realpath(os.curdir)}{os.sep}".startswith(within)


def _digits(path: str) -> str:
    """Return a folder's name as eight digits: with the name itself, that of the one aside may be too long."""
    return f"{zlib.crc32(os.fsencode(os.path.basename(path))):08x}"


@contextlib.contextmanager
def _named_inside(staged: str, folder: str) -> Iterator[None]:
    """Make an error name a file by its place in the folder, not in the one that is to take its place."""
    try:
        yield
    except OSError as error:
        if isinstance(error.filename, str) and error.filename.startswith(staged):
            error.filename = folder + error.filename[len(staged) :]
        raise
