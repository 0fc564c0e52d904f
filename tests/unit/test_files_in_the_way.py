"""What stands in the way of reading and writing ends in one line, and leaves everything as it was."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import TRIAL, everything, make_folder, nascompile, process

NOBODY = 65534


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that every test works in, open to all."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        monkeypatch.chdir(name)
        yield make_folder(Path(name))


@contextlib.contextmanager
def no_superuser() -> Iterator[None]:
    """Have the permissions of somebody to whom permissions apply."""
    nascompile("trial.py")  # what is imported later may be out of their reach
    with tempfile.TemporaryDirectory() as other:
        nascompile("space", "src", "--graph", f"{other}/x.svg")
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@contextlib.contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    before = everything(folder)
    yield
    assert everything(folder) == before


def told(*arguments: str, status: int = 1) -> str:
    """Return the one line that a run says."""
    result = nascompile(*arguments)
    assert (result.returncode, result.stdout) == (status, b"")
    [line] = result.stderr.decode().splitlines()[-1:]
    assert line.startswith("Error: ")
    assert b"Traceback" not in result.stderr
    return line.removeprefix("Error: ")


@pytest.mark.parametrize(
    ("arguments", "denied"),
    [
        (["trial.py", "-o", "out/trial.py"], "out/trial.py"),
        (["trial.py", "-o", "out/new/x.py"], "out/new"),
        (["trial.py", "plain.py", "-o", "out"], "out/trial.py"),
        (["src", "-o", "out"], "out/empty"),
        (["space", "trial.py", "-o", "out/space.json"], "out/space.json"),
        (["space", "trial.py", "--graph", "out/space.svg"], "out/space.svg"),
    ],
)
def test_folder_that_may_not_be_written_is_named(folder: Path, arguments: list[str], denied: str) -> None:
    (folder / "out").mkdir()
    (folder / "out/trial.py").write_bytes(b"old")
    (folder / "out").chmod(0o555)
    with unchanged(folder), no_superuser():
        assert told(*arguments) == f"Permission denied: {denied}"


@pytest.mark.parametrize("arguments", [["src", "-o", "out"], ["check", "src"], ["space", "src"], ["src", "--check"]])
@pytest.mark.parametrize("denied", ["src/pkg/net.py", "src/pkg"])
def test_file_of_a_folder_that_may_not_be_read_is_named(folder: Path, arguments: list[str], denied: str) -> None:
    (folder / denied).chmod(0)
    with no_superuser():
        assert told(*arguments) == f"Permission denied: {denied}"
    assert not (folder / "out").exists()


def test_other_file_of_a_folder_must_be_read_where_it_comes_along(folder: Path) -> None:
    (folder / "src/run.sh").chmod(0)
    with no_superuser():
        assert told("src", "-o", "out") == "Permission denied: src/run.sh"
        assert nascompile("check", "src").returncode == 0
    assert not (folder / "out").exists()


@pytest.mark.parametrize("arguments", [["trial.py"], ["check", "trial.py"], ["space", "trial.py"], ["t*.py", "--diff"]])
def test_file_that_may_not_be_read_is_named(folder: Path, arguments: list[str]) -> None:
    (folder / "trial.py").chmod(0)
    with unchanged(folder), no_superuser():
        assert told(*arguments) == "Permission denied: trial.py"


def test_output_that_is_read_only_is_replaced_where_its_folder_lets_us(folder: Path) -> None:
    (folder / "out.py").write_bytes(b"old")
    (folder / "out.py").chmod(0o444)
    with no_superuser():
        assert nascompile("trial.py", "-o", "out.py").returncode == 0
    assert b"sub_graph" in (folder / "out.py").read_bytes()
    assert (folder / "out.py").stat().st_mode & 0o777 == 0o444


def test_link_that_leads_to_itself_is_no_source_and_no_output(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    with unchanged(folder):
        assert "'loop' does not exist" in told("loop", status=2)
        assert told("trial.py", "-o", "loop") == f"{os.strerror(errno.ELOOP)}: loop"
        assert told("trial.py", "-o", "loop/x.py", status=2) == "loop is no folder"
        assert told("src", "-o", "loop", status=2) == "loop is not a folder; a folder is compiled into a folder"


def test_loops_of_links_in_a_folder_are_copied_and_not_followed(folder: Path) -> None:
    for name, target in {"loop.py": "loop.py", "up": "..", "here": ".", "there": "here"}.items():
        (folder / "src" / name).symlink_to(target)
    assert nascompile("src", "-o", "out").returncode == 0
    assert os.readlink(folder / "out/here") == "."
    assert nascompile("src/**/*.py", "-o", "other").returncode == 0
    assert list(everything(folder / "other")) == ["pkg", "pkg/net.py", "plain.py"]


def test_links_that_lead_out_of_the_output_are_replaced_and_not_followed(folder: Path) -> None:
    nascompile("src", "-o", "out")
    (folder / "mine.txt").write_bytes(b"mine")
    for name in ("plain.py", "pkg/net.py", "run.sh"):
        (folder / "out" / name).unlink()
        (folder / "out" / name).symlink_to(folder / "mine.txt")
    assert nascompile("src", "-o", "out").returncode == 0
    assert (folder / "mine.txt").read_bytes() == b"mine"
    assert not (folder / "out/run.sh").is_symlink()


def test_pattern_may_lead_out_of_this_folder_and_its_files_not_out_of_the_output(folder: Path) -> None:
    (folder / "deep").mkdir()
    os.chdir(folder / "deep")
    assert nascompile("../src/**/*.py", "-o", "out").returncode == 0
    assert list(everything(folder / "deep")) == ["out", "out/pkg", "out/pkg/net.py", "out/plain.py"]


def test_folder_in_the_place_of_a_file_stays(folder: Path) -> None:
    (folder / "out/pkg/net.py/mine").mkdir(parents=True)
    (folder / "out.py").mkdir()
    with unchanged(folder):
        assert "out/pkg/net.py is a folder" in told("src", "-o", "out", status=2)
        assert "out/pkg/net.py is a folder" in told("src/pkg/net.py", "-o", "out/pkg", status=2)
        assert "several files need a folder for -o, and wrong.py is none" in told(
            "trial.py", "plain.py", "-o", "wrong.py", status=2
        )


def test_full_disk_is_told_and_leaves_the_old_output(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False).returncode:
        pytest.skip("no file system can be mounted")
    try:
        assert nascompile("src", "-o", "disk/out").returncode == 0
        (folder / "src/data").write_bytes(bytes(200_000))
        (folder / "src/pkg/net.py").write_text(TRIAL.replace("size=5", "size=7"))
        with unchanged(disk):
            assert told("src", "-o", "disk/out") == "No space left on device: disk/out/data"
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device")
def test_full_device_is_told(folder: Path) -> None:
    assert told("trial.py", "-o", "/dev/full") == "No space left on device: /dev/full"
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "nascompile", "trial.py"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr == b"Error: No space left on device\n"


@pytest.mark.parametrize("name", [b"caf\xe9.py", b"a\n\x1b[31m.py", "\u65e5\u672c.py".encode()])
def test_name_of_any_bytes_is_told(folder: Path, name: bytes) -> None:
    path = os.fsdecode(name)
    (folder / path).write_text("'@nni.wrong()'\n")
    for arguments in ([], ["--format", "json"], ["--check", "-v"], ["-o", "out"]):
        result = nascompile(path, *arguments)
        assert result.returncode == 1
        assert b"NC202" in result.stderr
    assert process("-m", "nascompile", path).returncode == 1
    (folder / path).write_text(TRIAL)
    assert process("-m", "nascompile", path, "-o", "out/", "-v").returncode == 0
    assert os.listdir(folder / "out") == [path]
    assert nascompile(path, "--diff").returncode == 0
