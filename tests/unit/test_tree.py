"""Folders: what is compiled, what comes along, what is never touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nascompile.tree import Module, TreeError, TreePlan, module_name, plan_tree
from nascompile.tree_output import stale_paths, write_tree

NOTES = {"data/notes.txt": b"notes", "net.py": b"net = 1\n"}


def make(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a new folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    folder.mkdir(exist_ok=True)
    return folder


def copied(source: Path, output: Path, outputs: dict[str, bytes] | None = None) -> TreePlan:
    plan = plan_tree(source, output)
    write_tree(plan, outputs or {})
    return plan


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modules_are_named_by_their_path_from_the_folder(tmp_path: Path) -> None:
    names = ["__init__.py", "app.pyw", "net.py", "pkg/__init__.py", "pkg/deep/cell.py", "pkg/my-script.py", "stub.pyi"]
    plan = plan_tree(make(tmp_path / "src", dict.fromkeys(names, b"")))
    assert plan.modules == (
        Module("__init__.py", "__init__"),
        Module("app.pyw", "app"),
        Module("net.py", "net"),
        Module("pkg/__init__.py", "pkg"),
        Module("pkg/deep/cell.py", "pkg.deep.cell"),
        Module("pkg/my-script.py", "pkg.my-script"),
    )
    assert plan.files == ("stub.pyi",)


def test_name_of_a_module_keeps_dots_of_its_file() -> None:
    assert module_name("v1.2/net.v3.py") == "v1.2.net.v3"


def test_compiled_files_are_written_and_others_come_along(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {**NOTES, "plain.py": b"plain\r\n", "raw": b"\x00\xff"})
    copied(source, tmp_path / "out", {"net.py": b"compiled\n"})
    assert everything(tmp_path / "out") == everything(source)
    assert (tmp_path / "out/net.py").read_bytes() == b"compiled\n"
    for name in ("data/notes.txt", "plain.py", "raw"):
        assert (tmp_path / "out" / name).read_bytes() == (source / name).read_bytes()


def test_source_is_left_as_it_is(tmp_path: Path) -> None:
    source = make(tmp_path / "src", NOTES)
    before = {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in source.rglob("*")
    }
    copied(source, tmp_path / "out", {"net.py": b"compiled\n"})
    after = {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in source.rglob("*")
    }
    assert after == before


def test_empty_folders_come_along(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {})
    (source / "empty/inner").mkdir(parents=True)
    copied(source, tmp_path / "out")
    assert everything(tmp_path / "out") == {"empty", "empty/inner"}


def test_permissions_come_along(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {"run.py": b"#!/usr/bin/env python\n", "secret": b"", "net.py": b""})
    for name, mode in {"run.py": 0o755, "secret": 0o600, "net.py": 0o640, ".": 0o750}.items():
        (source / name).chmod(mode)
    copied(source, tmp_path / "out", {"run.py": b"compiled"})
    assert [permissions(tmp_path / "out" / name) for name in ("run.py", "secret", "net.py", ".")] == [
        0o755,
        0o600,
        0o640,
        0o750,
    ]


def test_copied_files_keep_their_time_and_compiled_ones_do_not(tmp_path: Path) -> None:
    source = make(tmp_path / "src", NOTES)
    for name in NOTES:
        os.utime(source / name, (1000, 1000))
    copied(source, tmp_path / "out", {"net.py": b"compiled"})
    assert (tmp_path / "out/data/notes.txt").stat().st_mtime == 1000
    assert (tmp_path / "out/net.py").stat().st_mtime > 1000


def test_symlinks_come_along_as_symlinks(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", {"big.bin": b"big"})
    source = make(tmp_path / "src", {"pkg/net.py": b"net = 1\n"})
    links = {
        "to_file.py": "pkg/net.py",
        "to_folder": "pkg",
        "pkg/up": "..",
        "dangling": "nowhere",
        "out": "../outside",
        "absolute": str(outside),
    }
    for name, target in links.items():
        (source / name).symlink_to(target)
    plan = copied(source, tmp_path / "out", {"pkg/net.py": b"compiled"})
    assert {name: os.readlink(tmp_path / "out" / name) for name in plan.links} == links
    assert [module.path for module in plan.modules] == ["pkg/net.py"]
    assert (tmp_path / "out/to_file.py").read_bytes() == b"compiled"
    assert plan.warnings == ()


def test_link_that_means_something_else_in_the_output_is_told(tmp_path: Path) -> None:
    make(tmp_path / "outside", {"net.py": b""})
    source = make(tmp_path / "src", {"cell.py": b""})
    (source / "back").symlink_to(source / "cell.py")
    (source / "net.py").symlink_to("../outside/net.py")
    (source / "deep").symlink_to("../outside")
    plan = plan_tree(source, tmp_path / "further/out")
    told = {os.path.basename(warning.path): warning.message for warning in plan.warnings}
    assert sorted(told) == ["back", "deep", "net.py"]
    assert "back to the source" in told["back"]
    assert "is not compiled" in told["net.py"]
    assert "nowhere in the output" in told["deep"]
    assert not any(warning.is_error for warning in plan.warnings)


def test_version_control_caches_and_virtual_environments_stay_behind(tmp_path: Path) -> None:
    behind = [
        ".git/config",
        "sub/.git",
        ".hg/x",
        ".svn/x",
        "pkg/__pycache__/net.pyc",
        ".mypy_cache/x",
        ".pytest_cache/x",
        ".ruff_cache/x",
        ".ipynb_checkpoints/net-checkpoint.py",
        ".tox/x",
        ".nox/x",
        "env/pyvenv.cfg",
        "env/lib/site.py",
    ]
    source = make(tmp_path / "src", dict.fromkeys([*behind, ".gitignore", "pkg/net.py", "node_modules/x.js"], b""))
    copied(source, tmp_path / "out")
    assert everything(tmp_path / "out") == {
        ".gitignore",
        "pkg",
        "pkg/net.py",
        "sub",
        "node_modules",
        "node_modules/x.js",
    }


def test_special_files_are_left_out_unopened_and_told(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {"net.py": b""})
    os.mkfifo(source / "pipe.py")  # to open it would wait for ever
    plan = copied(source, tmp_path / "out")
    assert everything(tmp_path / "out") == {"net.py"}
    assert [warning.path for warning in plan.warnings] == [str(source / "pipe.py")]


def test_read_only_source_is_compiled_again_and_again(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {"pkg/net.py": b"net = 1\n", "pkg/data": b"data"})
    read_only = [source / "pkg/net.py", source / "pkg/data", source / "pkg", source]
    for path in read_only:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for output in (b"first", b"second"):
            copied(source, tmp_path / "out", {"pkg/net.py": output})
            assert (tmp_path / "out/pkg/net.py").read_bytes() == output
    finally:
        for path in reversed(read_only):
            path.chmod(0o755)
    assert permissions(tmp_path / "out/pkg/data") == 0o444
    assert permissions(tmp_path / "out/pkg") == 0o755  # or nobody could compile into it again


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("src", "is the source folder"),
        ("src/../src", "is the source folder"),
        ("link", "is the source folder"),
        ("src/build", "lies inside the source folder"),
        ("src/pkg/build/deep", "lies inside the source folder"),
        ("link/build", "lies inside the source folder"),
        (".", "lies inside the output folder"),
        ("file", "is not a folder"),
    ],
)
def test_folders_that_do_not_go_together_are_refused(tmp_path: Path, output: str, message: str) -> None:
    source = make(tmp_path / "src", {"pkg/net.py": b""})
    (tmp_path / "link").symlink_to("src")
    (tmp_path / "file").write_bytes(b"")
    before = everything(tmp_path)
    with pytest.raises(TreeError, match=message):
        plan_tree(source, tmp_path / output)
    assert everything(tmp_path) == before


def test_folder_whose_name_begins_like_the_source_is_no_part_of_it(tmp_path: Path) -> None:
    copied(make(tmp_path / "src", NOTES), tmp_path / "src-enas")
    assert everything(tmp_path / "src-enas") == {"data", *NOTES}


def test_missing_parents_of_the_output_are_made(tmp_path: Path) -> None:
    copied(make(tmp_path / "src", NOTES), tmp_path / "a/b/out")
    assert everything(tmp_path / "a/b/out") == {"data", *NOTES}


def test_compiling_again_replaces_our_files_and_leaves_others(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), tmp_path / "out"
    copied(source, output, {"net.py": b"first"})
    make(output, {"checkpoint/model.bin": b"weights", "data/mine.txt": b"mine"})
    (source / "data/notes.txt").write_bytes(b"changed")
    copied(source, output, {"net.py": b"second"})
    assert (output / "net.py").read_bytes() == b"second"
    assert (output / "data/notes.txt").read_bytes() == b"changed"
    assert (output / "checkpoint/model.bin").read_bytes() == b"weights"
    assert (output / "data/mine.txt").read_bytes() == b"mine"


def test_unchanged_copies_are_not_written_again(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), tmp_path / "out"
    copied(source, output, {"net.py": b"compiled"})
    before = (output / "data/notes.txt").stat()
    copied(source, output, {"net.py": b"compiled"})
    assert (output / "data/notes.txt").stat() == before
    (source / "data/notes.txt").chmod(0o600)
    copied(source, output)
    assert permissions(output / "data/notes.txt") == 0o600
    assert (output / "net.py").read_bytes() == NOTES["net.py"]


def test_copy_that_was_changed_is_restored(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), tmp_path / "out"
    copied(source, output)
    (output / "net.py").write_bytes(b"net = 2\n")
    copied(source, output)
    assert (output / "net.py").read_bytes() == NOTES["net.py"]


def test_existing_output_folder_keeps_its_permissions(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), tmp_path / "out"
    output.mkdir()
    output.chmod(0o700)
    copied(source, output)
    assert permissions(output) == 0o700


def test_links_and_files_give_way_to_each_other(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", {"a": b"a", "b": b"b"}), tmp_path / "out"
    copied(source, output)
    (source / "a").unlink()
    (source / "a").symlink_to("b")
    copied(source, output)
    assert os.readlink(output / "a") == "b"
    (source / "a").unlink()
    (source / "a").write_bytes(b"a again")
    copied(source, output)
    assert (output / "a").read_bytes() == b"a again"
    assert (output / "b").read_bytes() == b"b"


def test_link_of_the_output_is_never_written_through(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), make(tmp_path / "out", {})
    (output / "net.py").symlink_to(source / "net.py")
    copied(source, output, {"net.py": b"compiled"})
    assert (source / "net.py").read_bytes() == NOTES["net.py"]
    assert (output / "net.py").read_bytes() == b"compiled"


def test_hard_link_to_the_source_is_never_written_through(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), make(tmp_path / "out", {})
    os.link(source / "net.py", output / "net.py")
    copied(source, output, {"net.py": b"compiled"})
    assert (source / "net.py").read_bytes() == NOTES["net.py"]


@pytest.mark.parametrize("obstacle", ["file", "link"])
def test_folder_does_not_replace_what_is_no_folder(tmp_path: Path, obstacle: str) -> None:
    source, output = make(tmp_path / "src", NOTES), make(tmp_path / "out", {})
    if obstacle == "file":
        (output / "data").write_bytes(b"mine")
    else:
        (output / "data").symlink_to(source / "data")
    with pytest.raises(TreeError, match="data is no folder"):
        plan_tree(source, output)
    assert everything(output) == {"data"}


def test_file_does_not_replace_a_folder(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), make(tmp_path / "out", {"net.py/mine": b"mine"})
    with pytest.raises(TreeError, match=r"net\.py is a folder"):
        plan_tree(source, output)
    assert everything(output) == {"net.py", "net.py/mine"}


def test_stop_in_the_middle_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = make(tmp_path / "src", dict.fromkeys("abc", b"old")), tmp_path / "out"
    copied(source, output)
    for name in "abc":
        (source / name).write_bytes(b"new")
    replace, calls = os.replace, iter(range(9))

    def stop(*names: str) -> None:
        if next(calls) == 1:
            raise KeyboardInterrupt
        replace(*names)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        copied(source, output)
    assert {path.name: path.read_bytes() for path in output.iterdir()} == {"a": b"old", "b": b"old", "c": b"old"}


def test_stop_in_the_middle_leaves_every_file_whole_where_no_folder_can_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, output = make(tmp_path / "src", dict.fromkeys("abc", b"old")), tmp_path / "out"
    copied(source, output)
    for name in "abc":
        (source / name).write_bytes(b"new")
    replace, calls = os.replace, iter(range(9))

    def stop(*names: str) -> None:
        if next(calls) == 1:
            raise KeyboardInterrupt
        replace(*names)

    monkeypatch.setattr(os, "replace", stop)
    monkeypatch.chdir(output)
    with pytest.raises(KeyboardInterrupt):
        copied(source, output)
    assert {path.name: path.read_bytes() for path in output.iterdir()} == {"a": b"new", "b": b"old", "c": b"old"}


def test_stale_is_what_a_write_would_change(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", {**NOTES, "same": b"same", "gone": b"", "old.py": b"x"}), tmp_path / "out"
    (source / "link").symlink_to("same")
    (source / "moved").symlink_to("same")
    plan, outputs = copied(source, output, {"net.py": b"compiled"}), {"net.py": b"compiled"}
    assert stale_paths(plan, outputs) == []
    os.utime(output / "same", (1, 1))  # as after a checkout
    (output / "mine").write_bytes(b"mine")
    assert stale_paths(plan, outputs) == []
    (output / "gone").unlink()
    (output / "net.py").write_bytes(b"x" * len(b"compiled"))
    (output / "data/notes.txt").write_bytes(b"other")
    (output / "moved").unlink()
    (output / "old.py").unlink()
    (output / "old.py").symlink_to("same")
    (source / "new").mkdir()
    before = everything(output)
    assert stale_paths(plan_tree(source, output), outputs) == [
        "data/notes.txt",
        "gone",
        "moved",
        "net.py",
        "new",
        "old.py",
    ]
    assert everything(output) == before


def test_compiled_file_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    source, output = make(tmp_path / "src", NOTES), tmp_path / "out"
    assert write_tree(plan_tree(source, output), {"net.py": b"compiled"}) == {"data/notes.txt", "net.py"}
    before = (output / "net.py").stat()
    assert write_tree(plan_tree(source, output), {"net.py": b"compiled"}) == frozenset()
    assert (output / "net.py").stat() == before
    assert write_tree(plan_tree(source, output), {"net.py": b"otherwise"}) == {"net.py"}


def test_excluded_files_and_folders_stay_behind(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {**NOTES, "pkg/old.py": b""})
    plan = plan_tree(source, None, lambda path: os.path.basename(path) in ("data", "old.py"))
    assert (plan.folders, [module.path for module in plan.modules], plan.files) == (("pkg",), ["net.py"], ())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="a superuser reads everything")
def test_unreadable_file_stops_before_anything_is_written(tmp_path: Path) -> None:
    source = make(tmp_path / "src", NOTES)
    (source / "data/notes.txt").chmod(0)
    with pytest.raises(PermissionError, match=r"notes\.txt"):
        plan_tree(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_names_that_are_no_utf8_come_along(tmp_path: Path) -> None:
    source = make(tmp_path / "src", {})
    name = os.fsdecode(b"caf\xe9.txt")
    (source / name).write_bytes(b"x")
    copied(source, tmp_path / "out")
    assert os.listdir(tmp_path / "out") == [name]
