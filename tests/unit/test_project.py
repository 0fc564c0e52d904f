"""Where module paths begin: in the project's root, whatever a command names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import ARCHITECTURE, TRIAL, nascompile, process

import nascompile as package
from nascompile.project import ModuleNames, RootError

NET = "src/models/net.py"


def make(folder: Path, *files: str) -> Path:
    """Fill a folder with files; those of Python hold a layer."""
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TRIAL if name.endswith(".py") and "__init__" not in name else "")
    return folder


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ([], "net"),
        (["pyproject.toml"], "src.models.net"),
        (["src/pyproject.toml", "pyproject.toml"], "models.net"),
        ([".git"], "src.models.net"),
        ([".git/HEAD"], "src.models.net"),
        (["src/models/__init__.py"], "models.net"),
        (["src/models/__init__.py", "src/__init__.py"], "src.models.net"),
        (["src/__init__.py"], "net"),
        (["src/models/__init__.py", "pyproject.toml"], "src.models.net"),
    ],
)
def test_root_is_the_nearest_project_or_else_that_of_the_topmost_package(
    files: list[str], name: str, tmp_path: Path
) -> None:
    make(tmp_path, NET, *files)
    assert ModuleNames().of(str(tmp_path / NET)) == name


def test_root_that_is_given_counts(tmp_path: Path) -> None:
    make(tmp_path, NET, "pyproject.toml")
    assert ModuleNames(str(tmp_path / "src")).of(str(tmp_path / NET)) == "models.net"
    with pytest.raises(RootError, match=r"net\.py does not lie below the root"):
        ModuleNames(str(tmp_path / "other")).of(str(tmp_path / NET))


def test_folder_that_is_named_counts_where_nothing_marks_a_root(tmp_path: Path) -> None:
    make(tmp_path, NET, "src/pkg/__init__.py", "src/pkg/cell.py")
    names = ModuleNames(None, str(tmp_path))
    assert names.of(str(tmp_path / NET)) == "src.models.net"
    assert names.of(str(tmp_path / "src/pkg/cell.py")) == "pkg.cell"  # as where it is named by itself
    assert names.of(str(tmp_path / "src/pkg/__init__.py")) == "pkg"


def test_links_to_folders_are_followed_and_a_link_to_a_file_has_its_own_name(tmp_path: Path) -> None:
    make(tmp_path, NET, "pyproject.toml")
    (tmp_path / "link").symlink_to("src/models", target_is_directory=True)
    (tmp_path / "src/other.py").symlink_to("models/net.py")
    assert ModuleNames().of(str(tmp_path / "link/net.py")) == "src.models.net"
    assert ModuleNames().of(str(tmp_path / "src/other.py")) == "src.other"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a model in a folder, and a script beside it that builds it."""
    folder = make(tmp_path / "project", NET, "pyproject.toml")
    (folder / "src/models/run.py").write_text("import net\n")
    architecture = {"src.models.net": ARCHITECTURE["trial"]}
    (folder / "best.json").write_text(json.dumps(architecture))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("source", [".", "src", "src/models", NET, "src/**/*.py", "./src/../src/models/net.py"])
def test_keys_do_not_depend_on_what_is_named(project: Path, source: str) -> None:
    assert list(json.loads(nascompile("space", source).stdout)) == ["src.models.net"]
    result = nascompile(source, "--mode", "fixed", "--arch", "best.json", "-o", str(project.parent / "out/"))
    assert (result.returncode, result.stderr) == (0, b"") or b"compiled" in result.stderr
    assert not nascompile("check", source).stderr


@pytest.mark.parametrize("folder", [".", "src", "src/models"])
def test_prepare_has_the_same_keys(project: Path, folder: str) -> None:
    assert list(package.prepare(folder, to=project.parent / "prepared").search_space) == ["src.models.net"]


def test_prepare_takes_a_root(project: Path) -> None:
    assert list(package.prepare("src", to=project.parent / "prepared", root="src").search_space) == ["models.net"]
    with pytest.raises(ValueError, match="does not lie below the root"):
        package.prepare("src", to=project.parent / "other", root="other")
    assert not (project.parent / "other").exists()


@pytest.mark.parametrize("script", [NET, "src/models/run.py"])
@pytest.mark.parametrize("mode", ["fixed", "classic"])
def test_exec_has_the_same_keys(project: Path, script: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", "best.json")
    arch = ["--arch", "best.json"] if mode == "fixed" else []
    result = process("-m", "nascompile", "exec", script, "--mode", mode, *arch)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"5\n", b"")


def test_root_of_the_command_line_and_of_the_configuration(project: Path) -> None:
    def keys(*options: str) -> list[str]:
        return list(json.loads(nascompile("space", NET, *options).stdout))

    assert keys("--root", "src") == ["models.net"]
    (project / "pyproject.toml").write_text('[tool.nascompile]\nroot = "src/models"\n')
    assert keys() == ["net"]
    assert keys("--root", ".") == ["src.models.net"]
    assert keys("--no-config") == ["src.models.net"]


@pytest.mark.parametrize(
    "command", [[NET], ["src"], ["space", NET], ["check", "src"], ["exec", NET], ["'src/**/*.py'"]]
)
def test_source_outside_of_the_root_is_wrong_usage(project: Path, command: list[str]) -> None:
    (project / "other").mkdir()
    out = ["-o", "out/"] if command[0] in ("src", "'src/**/*.py'") else []
    result = nascompile(*[part.strip("'") for part in command], "--root", "other", *out)
    assert result.returncode == 2
    assert b"does not lie below the root" in result.stderr


def test_standard_input_stays_what_it_is(project: Path) -> None:
    assert list(json.loads(nascompile("space", "-", stdin=TRIAL.encode()).stdout)) == ["stdin"]


def test_architecture_that_two_files_may_be_meant_by_is_refused(project: Path) -> None:
    make(project, "other/net.py")
    (project / "old.json").write_text(json.dumps({"net": ARCHITECTURE["trial"]}))
    result = nascompile(".", "-o", str(project.parent / "out"), "--mode", "fixed", "--arch", "old.json")
    assert result.returncode == 1
    assert b"error[NC404]" in result.stderr
    assert not (project.parent / "out").exists()
