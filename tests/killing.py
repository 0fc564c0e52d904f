"""Kills a run that writes a folder at a chosen step of its own, and says what is there then.

A step is a call of the system that an audit hook hears of: a folder made, a file opened, linked, renamed, removed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from click.testing import CliRunner

from nascompile import swapping
from nascompile.cli import program

_LAYERS = "".join(
    f"# @nni.mutable_layer(layer_choice=[conv({{size}}), pool()], fixed_inputs=[x])\nh{number} = conv([[x], []])\n"
    for number in range(3)
)
USERS = {"notes.txt": b"mine", "logs/deep/run.log": b"mine too", "pkg/local.cfg": b"x", ".env": b"secret"}


@dataclass(frozen=True)
class Ended:
    """A run: whether it was killed, after how many steps it ended if it was not, and what it said."""

    was_killed: bool
    steps: int
    said: str


class Ground:
    """A folder with a source in two versions, and an output of the first beside files of the user's."""

    def __init__(self, folder: Path, way: str, *, is_new: bool = False) -> None:
        self.folder, self._way, self._is_new = folder, way, is_new
        for version, size in {"old": 3, "new": 5}.items():
            self._make_source(folder / version, version, size)
            command = _command(folder / version, folder / f"{version}-output")
            assert CliRunner().invoke(program, command, obj=[]).exit_code == 0  # imports all that a run needs, too
        self.expected = {version: _files(folder / f"{version}-output") for version in ("old", "new")}

    def begin(self) -> None:
        """Make the output that a run is to replace."""
        for path in self.folder.iterdir():
            if path.name.startswith(("out", ".nascompile")):
                shutil.rmtree(path)
        if not self._is_new:
            shutil.copytree(self.folder / "old-output", self.folder / "out", symlinks=True)
            for name, data in USERS.items():
                path = self.folder / "out" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)

    def run(self, kill_at: int = 0) -> Ended:
        """Write the new output; with `kill_at`, a run that is killed before that step of it."""
        return self._run(self.folder / "new", self.folder / "out", kill_at)

    def state(self) -> str:
        """Return what is there: the `old` output, the `new` one, `none` at all, or what is wrong."""
        output = self.folder / "out"
        if not output.exists():
            return "none"
        found = _files(output)
        users = {} if self._is_new else USERS
        if lost := sorted(name for name, data in users.items() if found.pop(name, None) != data):
            return f"lost {lost}"
        for version, files in self.expected.items():
            if found == files:
                return version
        sides = {
            version: sum(found.get(name) == data for name, data in files.items())
            for version, files in self.expected.items()
        }
        return f"a mix: {sides}"

    def leftovers(self) -> list[str]:
        """Return what a run has left in and beside the output."""
        return sorted(str(path) for path in self.folder.rglob(".nascompile*"))

    def _run(self, source: Path, output: Path, kill_at: int = 0) -> Ended:
        """Run the command line in a copy of this process, which has imported it."""
        command = _command(source, output)
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            _be_killed(command, kill_at, writer, can_exchange=self._way == "exchange")
        os.close(writer)
        with open(reader) as said:
            told = said.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL), told
        return Ended(status != 0, 0 if status else int(told.rpartition("steps: ")[2]), told)

    def _make_source(self, folder: Path, version: str, size: int) -> None:
        head = "def conv(inputs, size=3):\n    return size\n\n\ndef pool(inputs):\n    return 0\n\n\nx = 1\n"
        for name in ("net.py", "trial.py", "pkg/cell.py", "pkg/deep/block.py"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(head + _LAYERS.format(size=size))
        (folder / "data.txt").write_text(version * 1000)
        (folder / "link").symlink_to(version)
        (folder / "plain.py").write_text("x = 1\n")


def _command(source: Path, output: Path) -> list[str]:
    return [str(source), "-o", str(output), "--mode", "enas", "--no-cache", "--no-config", "-q", "--jobs", "1"]


def _be_killed(command: Sequence[str], kill_at: int, writer: int, *, can_exchange: bool) -> NoReturn:
    """Run a command line as the last thing of this process, and kill it before a step of it."""
    done = -1  # steps count from the first file or folder that is made

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        if done < 0 and (event == "os.mkdir" or (event == "open" and arguments[2] & os.O_CREAT)):
            done = 0
        if done >= 0 and event.split(".")[0] in ("os", "shutil", "ctypes", "open"):
            done += 1
            if done == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def refuse(*_: str) -> None:
        raise OSError("there is no exchange here")

    status = 1
    try:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        if not can_exchange:
            swapping._exchange = refuse
        sys.addaudithook(count)
        status = CliRunner().invoke(program, command, obj=[]).exit_code
    finally:
        os.write(writer, f"steps: {done}".encode())
        os._exit(status)


def _files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder and what they hold, unfinished ones left out."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        for path in _walk(folder)
        if not path.name.startswith(".nascompile")
    }


def _walk(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
