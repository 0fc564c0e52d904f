"""A folder is replaced as a whole: the old one or the new one is there, and what the user has in it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import everything, nascompile

from nascompile import swapping
from nascompile.swapping import recover, replace_folder
from nascompile.tree import plan_tree
from nascompile.tree_output import write_tree


@pytest.fixture
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the system can exchange two folders."""
    way: str = getattr(request, "param", "exchange")
    if way == "aside":

        def refuse(*_: str) -> None:
            raise OSError

        monkeypatch.setattr(swapping, "_exchange", refuse)
    return way


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output of before, with files of the user's, and a newer source beside it."""
    for name, text in {"src": "new", "out": "old"}.items():
        (tmp_path / name / "pkg").mkdir(parents=True)
        for module in ("net.py", "trial.py", "pkg/cell.py"):
            (tmp_path / name / module).write_text(text)
    (tmp_path / "out/notes.txt").write_text("mine")
    (tmp_path / "out/logs").mkdir()
    (tmp_path / "out/logs/run.log").write_text("mine too")
    (tmp_path / "out/logs/latest").symlink_to("run.log")
    return tmp_path / "out"


def write(output: Path) -> None:
    write_tree(plan_tree(output.parent / "src", output), {})


def is_new(output: Path) -> bool:
    found = everything(output)
    users = {found.pop(name) for name in ("notes.txt", "logs/run.log", "logs/latest")}
    assert users == {b"mine", b"mine too"}
    assert found.pop("logs") is None
    return found == everything(output.parent / "src")


@pytest.mark.parametrize("way", ["exchange", "aside"], indirect=True)
def test_folder_is_replaced_and_what_the_user_has_in_it_stays(output: Path, way: str) -> None:
    inode, users = output.stat().st_ino, (output / "logs/run.log").stat().st_ino
    write(output)
    assert is_new(output)
    assert output.stat().st_ino != inode
    assert (output / "logs/run.log").stat().st_ino == users
    assert sorted(path.name for path in output.parent.iterdir()) == ["out", "src"]


def test_kills_at_steps_of_a_run_leave_the_old_folder_or_the_new_one() -> None:
    script = Path(__file__).parent.parent / "fuzz/kills.py"
    command = [sys.executable, str(script), "--kills", "12", "--seed", "3"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert result.stdout.endswith("\n0 findings\n"), result.stdout + result.stderr
    assert "exchange, over an old one" in result.stdout


def test_one_file_takes_its_place_in_the_folder_that_is_there(output: Path) -> None:
    write(output)
    inode = output.stat().st_ino
    (output.parent / "src/net.py").write_text("newer")
    write(output)
    assert output.stat().st_ino == inode
    assert is_new(output)


def test_folder_that_a_process_works_in_is_kept(output: Path) -> None:
    inode = output.stat().st_ino
    with subprocess.Popen(["sleep", "60"], cwd=output / "logs") as process:
        write(output)
        process.terminate()
    assert output.stat().st_ino == inode
    assert is_new(output)


def test_folder_that_we_work_in_is_kept(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(output)
    write_tree(plan_tree("../src", "."), {})
    assert os.path.samefile(".", output)
    assert is_new(output)


def test_link_to_a_folder_stays_a_link(output: Path) -> None:
    link = output.parent / "link"
    link.symlink_to("out")
    write_tree(plan_tree(output.parent / "src", link), {})
    assert link.is_symlink()
    assert is_new(output)


@pytest.mark.parametrize("error", ["link", "mkdir"])
def test_where_no_copy_can_be_made_files_take_their_places_one_by_one(
    output: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    inode = output.stat().st_ino

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, error, refuse)
    write(output)
    assert output.stat().st_ino == inode
    assert is_new(output)


@pytest.mark.parametrize("way", ["exchange", "aside"], indirect=True)
def test_permissions_and_times_of_folders_are_kept(output: Path, way: str) -> None:
    (output / "logs").chmod(0o2750)
    os.utime(output / "logs", (1, 1))
    write(output)
    assert stat.S_IMODE((output / "logs").stat().st_mode) == 0o2750
    assert (output / "logs").stat().st_mtime == 1


@pytest.mark.parametrize("way", ["exchange", "aside"], indirect=True)
def test_what_comes_into_the_folder_meanwhile_stays(output: Path, way: str) -> None:
    def fill(folder: str) -> None:
        (output / "logs/late.log").write_text("late")
        (output / "deep/er").mkdir(parents=True)
        (output / "deep/er/late").write_text("later")
        (output / "fresh.txt").write_text("replaced")
        os.replace(output / "fresh.txt", output / "notes.txt")
        os.replace(output / "trial.py", output / "net.py")
        Path(folder, "net.py").write_text("ours")

    assert replace_folder(str(output), fill, {"net.py", "trial.py"})
    assert (output / "logs/late.log").read_text() == "late"
    assert (output / "deep/er/late").read_text() == "later"
    assert (output / "notes.txt").read_text() == "replaced"
    assert (output / "net.py").read_text() == "ours"


def test_failure_while_it_is_filled_changes_nothing_and_names_the_file(output: Path) -> None:
    before = everything(output.parent)

    def fill(folder: str) -> None:
        Path(folder, "net.py").unlink()
        Path(folder, "no", "net.py").write_text("new")

    with pytest.raises(FileNotFoundError) as caught:
        replace_folder(str(output), fill, ())
    assert caught.value.filename == str(output / "no/net.py")
    assert everything(output.parent) == before


def test_folder_that_stepped_aside_comes_back_if_there_is_none(output: Path) -> None:
    before = everything(output)
    aside = output.parent / f".nascompile-{0:08x}-1-{0:016x}.{swapping._digits(str(output))}.old"
    output.rename(aside)
    os.utime(aside, (1, 1))
    recover(str(output))
    assert everything(output) == before
    assert not aside.exists()


def test_folder_that_stepped_aside_gives_what_is_nowhere_else(output: Path) -> None:
    aside = output.parent / f".nascompile-{0:08x}-1-{0:016x}.{swapping._digits(str(output))}.old"
    output.rename(aside)
    os.utime(aside, (1, 1))
    output.mkdir()
    (output / "notes.txt").write_text("new notes")
    recover(str(output))
    assert (output / "notes.txt").read_text() == "new notes"
    assert (output / "logs/run.log").read_text() == "mine too"
    assert not aside.exists()


def test_folder_of_another_output_that_stepped_aside_is_left_alone(output: Path) -> None:
    aside = output.parent / f".nascompile-{0:08x}-1-{0:016x}.{0:08x}.old"
    aside.mkdir()
    os.utime(aside, (1, 1))
    recover(str(output))
    assert aside.exists()


def test_several_files_that_are_named_take_their_places_together(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(output.parent)
    inode = output.stat().st_ino
    assert nascompile("src/net.py", "src/trial.py", "-o", "out").returncode == 0
    assert output.stat().st_ino != inode
    assert [(output / name).read_text() for name in ("net.py", "trial.py", "notes.txt")] == ["new", "new", "mine"]


def test_several_files_that_cannot_all_be_written_change_nothing(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(output.parent)
    (output.parent / "src/zz").mkdir()
    (output.parent / "src/zz/last.py").write_text("x")
    (output / "zz").write_text("a file")
    before = everything(output)
    assert nascompile("src/**/*.py", "-o", "out").returncode == 2
    assert everything(output) == before
