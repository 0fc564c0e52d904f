"""Patterns: which files match, and which are excluded."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascompile.selection import Exclusion, is_pattern, matching_modules

FILES = [
    "net.py",
    "app.pyw",
    "notes.txt",
    "pkg/cell.py",
    "pkg/deep/cell.py",
    "pkg/deep/x1.py",
    "pkg/[a].py",
    ".git/hook.py",
    "pkg/__pycache__/net.py",
    "env/pyvenv.cfg",
    "env/lib/site.py",
    ".hidden/net.py",
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that is the current one."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "pkg/loop").symlink_to("..")
    (tmp_path / "pkg/itself.py").symlink_to("itself.py")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "root", "names"),
    [
        ("*.py", "", ["net.py"]),
        ("*", "", ["app.pyw", "net.py"]),
        ("./n?t.py", ".", ["net.py"]),
        ("pkg/*.py", "pkg", ["[a].py", "cell.py"]),
        ("pkg/**/*.py", "pkg", ["[a].py", "cell.py", "deep/cell.py", "deep/x1.py"]),
        ("pkg/**", "pkg", ["[a].py", "cell.py", "deep/cell.py", "deep/x1.py"]),
        ("**/cell.py", "", ["pkg/cell.py", "pkg/deep/cell.py"]),
        ("*/deep/*", "", ["pkg/deep/cell.py", "pkg/deep/x1.py"]),
        ("pkg/deep/x[0-9].py", "pkg/deep", ["x1.py"]),
        ("pkg/deep/x[!0-9].py", "pkg/deep", []),
        ("pkg/[[]a[]].py", "pkg", ["[a].py"]),
        ("pkg/deep/x[9-0].py", "pkg/deep", []),
        ("pkg/[", "pkg", []),
        ("pkg\\*.py", "", []),
        ("missing/*.py", "missing", []),
        ("net.py/*.py", "net.py", []),
        (".hidden/*.py", ".hidden", ["net.py"]),
        (".git/*.py", ".git", ["hook.py"]),
    ],
)
def test_modules_match_by_their_path(pattern: str, root: str, names: list[str]) -> None:
    assert matching_modules(pattern) == (root, names)


def test_absolute_pattern_begins_at_its_folder(folder: Path) -> None:
    assert matching_modules(f"{folder}/pkg/deep/*.py") == (f"{folder}/pkg/deep", ["cell.py", "x1.py"])


def test_file_of_that_name_is_no_pattern() -> None:
    assert is_pattern("pkg/[ab].py")
    assert not is_pattern("pkg/[a].py")
    assert not is_pattern("net.py")


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("cell.py", ["pkg/cell.py", "pkg/deep/cell.py"]),
        ("deep", ["pkg/deep/cell.py", "pkg/deep/x1.py"]),
        ("deep/", ["pkg/deep/cell.py", "pkg/deep/x1.py"]),
        ("pkg/deep", ["pkg/deep/cell.py", "pkg/deep/x1.py"]),
        ("deep/cell.py", []),
        ("pkg/*/x*", ["pkg/deep/x1.py"]),
        ("./pkg/cell.py", ["pkg/cell.py"]),
        ("/pkg/cell.py", ["pkg/cell.py"]),
        ("**/x1.py", ["pkg/deep/x1.py"]),
        ("*.txt", []),
    ],
)
@pytest.mark.parametrize("root", ["pkg", "./pkg", "."])
def test_name_excludes_everywhere_and_path_from_its_folder(pattern: str, covered: list[str], root: str) -> None:
    excluded = Exclusion([(".", pattern)])
    files = ["cell.py", "deep/cell.py", "deep/x1.py"]
    if root == ".":
        files = [f"pkg/{name}" for name in files]
    found = [name for name in files if excluded.covers_below(root, name)]
    assert [name if root == "." else f"pkg/{name}" for name in found] == covered


def test_path_is_meant_from_the_folder_that_it_was_written_in(folder: Path) -> None:
    assert Exclusion([(str(folder / "pkg"), "deep/x1.py")]).covers("pkg/deep/x1.py")
    assert not Exclusion([(str(folder / "pkg"), "pkg/deep/x1.py")]).covers("pkg/deep/x1.py")
