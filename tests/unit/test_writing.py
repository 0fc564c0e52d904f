"""Writing of files: whole or not at all, whatever is in the way and whenever it is stopped."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nascompile.tree import plan_tree
from nascompile.tree_output import write_tree
from nascompile.writing import Staging, is_leftover, write_atomic

KILL_IN_A_WRITE = """
import os, signal, sys
{patch}
from nascompile.tree import plan_tree
from nascompile.tree_output import write_tree
from nascompile.writing import write_atomic
{call}
"""
HALF_WRITTEN = "os.fsync = lambda file: (os.ftruncate(file, 1), os.kill(os.getpid(), signal.SIGKILL))"
BEFORE_THE_FIRST_NAME = "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"


def killed(patch: str, call: str, folder: Path) -> None:
    """Run a write that is killed at some point of it."""
    code = KILL_IN_A_WRITE.format(patch=patch, call=call)
    result = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, timeout=60, check=False)
    assert result.returncode == -9, result.stderr.decode()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little space."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False).returncode:
        pytest.skip("no file system can be mounted")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    usual, ours = tmp_path / "usual", tmp_path / "ours"
    usual.write_bytes(b"")
    write_atomic(ours, b"x")
    assert ours.read_bytes() == b"x"
    assert ours.stat().st_mode == usual.stat().st_mode


def test_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "out.py"
    target.write_bytes(b"old")
    target.chmod(0o750)
    write_atomic(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o750


def test_given_permissions_are_exact(tmp_path: Path) -> None:
    write_atomic(tmp_path / "out.py", b"x", 0o777)
    assert stat.S_IMODE((tmp_path / "out.py").stat().st_mode) == 0o777


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.py"
    target.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.py"]


def test_failure_names_the_file_and_not_the_temporary_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write_atomic(tmp_path / "nowhere" / "out.py", b"new")
    assert caught.value.filename == str(tmp_path / "nowhere" / "out.py")


def test_bytes_reach_the_disk_before_the_name_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: calls.append("fsync"))
    monkeypatch.setattr(os, "replace", lambda *_: calls.append("replace"))
    write_atomic(tmp_path / "out.py", b"new")
    assert calls == ["fsync", "replace"]


def test_symlink_is_written_through(tmp_path: Path) -> None:
    real, link, dangling = tmp_path / "real", tmp_path / "link", tmp_path / "dangling"
    real.write_bytes(b"old")
    link.symlink_to("real")
    dangling.symlink_to("made")
    write_atomic(link, b"new")
    write_atomic(dangling, b"new")
    assert os.readlink(link) == "real"
    assert real.read_bytes() == (tmp_path / "made").read_bytes() == b"new"


def test_symlink_is_replaced_where_asked(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to("real")
    write_atomic(link, b"new", follow_symlinks=False)
    assert not link.is_symlink()
    assert (link.read_bytes(), real.read_bytes()) == (b"new", b"old")


def test_folder_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write_atomic(tmp_path, b"new")


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="no /dev/stdout")
def test_standard_output_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    code = "from nascompile.writing import write_atomic; write_atomic('/dev/stdout', b'new')"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True).stdout == b"new"
    with open(tmp_path / "log", "wb") as log:
        subprocess.run([sys.executable, "-c", code], stdout=log, check=True)
        number = os.fstat(log.fileno()).st_ino
    assert ((tmp_path / "log").read_bytes(), (tmp_path / "log").stat().st_ino) == (b"new", number)


def test_full_device_is_an_error_that_names_it() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomic("/dev/full", b"new")
    assert caught.value.filename == "/dev/full"


def test_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    target = small_disk / "out.py"
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomic(target, bytes(1_000_000))
    assert caught.value.filename == str(target)
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == {"out.py": b"old"}


@pytest.mark.parametrize("name", ["big.bin", "big.py"])
def test_full_disk_leaves_the_old_folder_as_it_was(small_disk: Path, tmp_path: Path, name: str) -> None:
    source, output = tmp_path / "src", small_disk / "out"
    source.mkdir()
    (source / "a.py").write_bytes(b"old")
    write_tree(plan_tree(source, output), {})
    (source / "a.py").write_bytes(b"new")
    (source / name).write_bytes(bytes(1_000_000))
    with pytest.raises(OSError, match="No space left") as caught:
        write_tree(plan_tree(source, output), {"big.py": bytes(1_000_000)} if name == "big.py" else {})
    assert caught.value.filename == str(output / name)
    assert {path.name: path.read_bytes() for path in output.iterdir()} == {"a.py": b"old"}


def test_error_while_copying_leaves_the_old_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = tmp_path / "src", tmp_path / "out"
    source.mkdir()
    for name in "abc":
        (source / name).write_bytes(b"old")
    write_tree(plan_tree(source, output), {})
    for name in "abc":
        (source / name).write_bytes(b"newer")
    copy, calls = shutil.copy2, iter(range(9))

    def fail(one: str, other: str) -> None:
        if next(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", one, None, other)
        copy(one, other)

    monkeypatch.setattr(shutil, "copy2", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        write_tree(plan_tree(source, output), {})
    assert caught.value.filename == str(output / "c")
    assert {path.name: path.read_bytes() for path in output.iterdir()} == dict.fromkeys("abc", b"old")


@pytest.mark.parametrize("patch", [HALF_WRITTEN, BEFORE_THE_FIRST_NAME], ids=["half written", "not yet named"])
def test_kill_leaves_the_old_file_and_the_next_write_clears_up(tmp_path: Path, patch: str) -> None:
    target = tmp_path / "out.py"
    target.write_bytes(b"old")
    killed(patch, "write_atomic('out.py', b'newer')", tmp_path)
    assert target.read_bytes() == b"old"
    assert [is_leftover(path.name) for path in tmp_path.iterdir() if path != target] == [True]
    write_atomic(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["out.py"]
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("patch", [HALF_WRITTEN, BEFORE_THE_FIRST_NAME], ids=["half written", "not yet named"])
def test_kill_leaves_the_old_folder_whole_and_the_next_run_clears_up(tmp_path: Path, patch: str) -> None:
    source, output = tmp_path / "src", tmp_path / "out"
    (source / "pkg").mkdir(parents=True)
    names = ["a.py", "b.txt", "pkg/c.py"]
    for name in names:
        (source / name).write_bytes(b"old")
    write_tree(plan_tree(source, output), {})
    for name in names:
        (source / name).write_bytes(b"newer")
    killed(patch, "write_tree(plan_tree('src', 'out'), {'pkg/c.py': b'compiled'})", tmp_path)
    assert {name: (output / name).read_bytes() for name in names} == dict.fromkeys(names, b"old")
    assert any(is_leftover(path.name) for path in tmp_path.iterdir())
    write_tree(plan_tree(source, output), {"pkg/c.py": b"compiled"})
    assert {path.relative_to(output).as_posix() for path in output.rglob("*")} == {*names, "pkg"}
    assert {path.name for path in tmp_path.iterdir()} == {"src", "out"}
    assert [(output / name).read_bytes() for name in names] == [b"newer", b"newer", b"compiled"]


def test_files_of_a_run_that_is_still_at_work_are_left_alone(tmp_path: Path) -> None:
    with Staging() as other:
        other.write(str(tmp_path / "a"), b"a")
        write_atomic(tmp_path / "b", b"b")
        assert sum(is_leftover(path.name) for path in tmp_path.iterdir()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_another_machine_left_behind_is_removed_after_a_day(tmp_path: Path) -> None:
    left = tmp_path / f".nascompile-00000000-1-{'0' * 16}.tmp"
    left.write_bytes(b"")
    write_atomic(tmp_path / "a", b"a")
    assert left.exists()
    os.utime(left, (time.time() - 100_000,) * 2)
    write_atomic(tmp_path / "a", b"a")
    assert not left.exists()


def test_what_is_not_finished_is_no_part_of_a_source(tmp_path: Path) -> None:
    (tmp_path / f".nascompile-00000000-1-{'0' * 16}.tmp").write_bytes(b"")
    (tmp_path / ".nascompile-notes.tmp").write_bytes(b"")
    assert plan_tree(tmp_path).files == (".nascompile-notes.tmp",)
