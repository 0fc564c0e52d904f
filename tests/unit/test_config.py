"""`[tool.nascompile]`: where it is found, what it sets, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import everything, make_folder, nascompile


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


def configure(folder: Path, *lines: str, name: str = "pyproject.toml") -> None:
    (folder / name).write_text("\n".join(["[project]", 'name = "x"', "", "[tool.nascompile]", *lines, ""]))


def test_mode_and_output_are_taken(folder: Path) -> None:
    configure(folder, 'mode = "enas_mode"', 'output = "build"')
    assert nascompile("trial.py").stdout == b""
    assert b"_nascompile.conditional" in (folder / "build/trial.py").read_bytes()
    assert nascompile("src").returncode == 0
    assert (folder / "build/pkg/net.py").exists()


def test_command_line_wins(folder: Path) -> None:
    configure(folder, 'mode = "enas"', 'output = "build"', "verbose = true")
    result = nascompile("trial.py", "--mode", "oneshot", "-o", "-", "-q")
    assert b"dropout_sum" in result.stdout
    assert result.stderr == b""
    assert not (folder / "build").exists()


def test_nearest_table_above_all_sources_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(folder, 'mode = "enas"')
    configure(folder / "src", 'mode = "oneshot"')
    (folder / "src/pkg/pyproject.toml").write_text("[tool.black]\n")
    assert b"dropout_sum" in nascompile("src/pkg/net.py").stdout
    assert b"dropout_sum" in nascompile("src/pkg/*.py", "--diff").stdout
    assert b"conditional" in nascompile("trial.py").stdout
    assert b"conditional" in nascompile("trial.py", "src/pkg/net.py", "--diff").stdout
    assert b"conditional" in nascompile("-", stdin=(folder / "trial.py").read_bytes()).stdout
    monkeypatch.chdir("src/pkg")
    assert b"conditional" in nascompile("../../trial.py").stdout


def test_file_may_be_named_or_ignored(folder: Path) -> None:
    configure(folder, 'mode = "enas"')
    configure(folder, 'mode = "oneshot"', name="other.toml")
    assert b"dropout_sum" in nascompile("--config", "other.toml", "trial.py").stdout
    assert b"dropout_sum" in nascompile("trial.py", "--config", "other.toml").stdout
    assert b"sub_graph" in nascompile("trial.py", "--no-config").stdout


def test_paths_are_meant_from_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(folder, 'mode = "fixed"', 'arch = "list.json#2"', "scopes = false", 'exclude = ["src/plain.py", "*.sh"]')
    monkeypatch.chdir("src")
    assert b"h = conv([[x], []], size=5)" in nascompile("../trial.py").stdout
    nascompile(".", "-o", "../out", "--mode", "enas")
    assert list(everything(folder / "out")) == ["empty", "link", "pkg", "pkg/net.py"]


def test_architecture_of_the_table_is_for_mode_fixed_alone(folder: Path) -> None:
    configure(folder, 'arch = "one.json"', "scopes = false")
    assert nascompile("trial.py").returncode == 0
    assert nascompile("space", "trial.py").returncode == 0
    assert nascompile("trial.py", "--mode", "fixed").returncode == 0
    assert b"--arch is for --mode fixed" in nascompile("trial.py", "--arch", "one.json").stderr


def test_other_commands_take_what_they_have(folder: Path) -> None:
    (folder / "src/wrong.py").write_text("'@nni.wrong()'\n")
    configure(folder, 'exclude = ["wrong.py"]', 'output = "build"', 'mode = "enas"', "jobs = 1", "cache = false")
    assert nascompile("check", "src").returncode == 0
    assert b"pkg.net" in nascompile("space", "src").stdout
    assert nascompile("exec", "trial.py", "--mode", "fixed").returncode == 2
    assert not (folder / "build").exists()


def test_standard_input_goes_to_standard_output_for_all_that(folder: Path) -> None:
    configure(folder, 'output = "build"')
    assert nascompile("-", stdin=b"x = 1\n").stdout == b"x = 1\n"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["# mode = 1", 'mod = "enas"'],
            "pyproject.toml:6:1: error[NC601]: unknown key `mod`; the keys are mode, arch, scopes, tf1, exclude, "
            "output, root, strict, quiet, verbose, jobs, cache\n"
            '    6 | mod = "enas"\n      | ^^^\n   hint: did you mean `mode`?\n',
        ),
        (["mode = 1"], "pyproject.toml:5:1: error[NC601]: `mode` is text, not a whole number\n"),
        (['mode = "enass"'], "pyproject.toml:5:1: error[NC601]: unknown mode 'enass'"),
        (['  "scopes" = "no"'], "pyproject.toml:5:4: error[NC601]: `scopes` is true or false, not text\n"),
        (['exclude = "tests"'], "pyproject.toml:5:1: error[NC601]: `exclude` is a list of texts, not text\n"),
        (['exclude = ["a", 1]'], "pyproject.toml:5:1: error[NC601]: `exclude` holds text, not a whole number\n"),
        (["jobs = 0"], "pyproject.toml:5:1: error[NC601]: `jobs` is a whole number >= 1\n"),
        (["jobs = 1.5"], "pyproject.toml:5:1: error[NC601]: `jobs` is a whole number, not a number\n"),
        (["mode = "], "pyproject.toml:5:8: error[NC601]: the file is not TOML: Invalid value\n"),
    ],
)
def test_mistake_is_told_with_its_line(folder: Path, lines: list[str], told: str) -> None:
    configure(folder, *lines)
    before = everything(folder)
    for arguments in (["trial.py", "-o", "out.py"], ["check", "src"], ["space", "trial.py"], ["exec", "trial.py"]):
        result = nascompile(*arguments)
        assert (result.returncode, result.stdout) == (2, b"")
        assert result.stderr.decode().startswith(told)
    assert everything(folder) == before


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    configure(folder, "mode = 1", "quite = true", "jobs = -1")
    assert nascompile("trial.py").stderr.count(b"error[NC601]") == 3


def test_table_that_is_written_otherwise_is_read(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('tool = {nascompile = {mode = "enas"}}\n')
    assert b"conditional" in nascompile("trial.py").stdout
    (folder / "pyproject.toml").write_text("tool = {nascompile = {mode = 1}}\n")
    assert nascompile("trial.py").stderr.startswith(b"pyproject.toml: error[NC601]: `mode` is text")
    (folder / "pyproject.toml").write_text("tool = {nascompile = 1}\n")
    assert b"tool.nascompile is a table" in nascompile("trial.py").stderr


def test_named_file_must_have_the_table(folder: Path) -> None:
    (folder / "empty.toml").write_text("")
    result = nascompile("trial.py", "--config", "empty.toml")
    assert (result.returncode, result.stderr) == (
        2,
        b"empty.toml: error[NC601]: the file has no table [tool.nascompile]\n",
    )


def test_file_that_is_not_ours_to_judge_is_left_alone(folder: Path) -> None:
    for content in (b"\xff\xfe", b"[tool.black", b"# nascompile\n[tool]\nx = 1\n", b""):
        (folder / "pyproject.toml").write_bytes(content)
        assert nascompile("trial.py").returncode == 0
    (folder / "pyproject.toml").write_bytes(b"\xff nascompile")
    assert nascompile("trial.py").stderr.startswith(b"pyproject.toml: error[NC601]: the file is not UTF-8")


def test_output_of_the_configuration_may_lie_in_the_source() -> None:
    Path("pyproject.toml").write_text('[tool.nascompile]\noutput = "build"\nexclude = ["wrong.py"]\n')
    Path("src/build").mkdir()
    Path("src/build/net.py").write_text("x = 1\n")
    for _ in range(2):
        assert nascompile(".").returncode == 0
    assert sorted(path.name for path in Path("build").iterdir() if path.is_dir()) == ["src"]
    assert Path("build/src/build/net.py").exists()  # another folder of that name is a source as any other
    assert nascompile(".", "--check").returncode == 0
    assert nascompile("space", ".").stdout.count(b'"_type"') == 2


def test_output_that_is_excluded_may_lie_in_the_source() -> None:
    assert nascompile("src", "-o", "src/out").returncode == 2
    assert nascompile("src", "-o", "src/out", "--exclude", "src/out").returncode == 0
    assert nascompile("src", "-o", "src/deep/out", "--exclude", "deep", "--exclude", "out").returncode == 0
    assert not Path("src/deep/out/deep").exists()
