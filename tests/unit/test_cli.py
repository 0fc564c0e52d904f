"""The command line: what goes where, and which exit status."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from command_line import ARCHITECTURE, TRIAL, WRONG, Result, everything, make_folder, nascompile, process

from nascompile import __version__
from nascompile.modes import MODES


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


def test_file_without_annotations_goes_out_byte_for_byte(folder: Path) -> None:
    result = nascompile("plain.py")
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == (folder / "plain.py").read_bytes()


@pytest.mark.parametrize("arguments", [("-",), ("-", "--mode", "enas")])
def test_standard_input_without_annotations_goes_out_byte_for_byte(arguments: tuple[str, ...]) -> None:
    data = b"\xff\xfe any bytes at all \r\n\r\x00"
    assert nascompile(*arguments, stdin=data).stdout == data


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        ([], "classic"),
        (["--mode", "classic"], "classic"),
        (["--mode", "enas"], "enas"),
        (["--mode", "oneshot_mode"], "oneshot"),
        (["--mode=enas_mode"], "enas"),
    ],
)
def test_file_is_compiled_to_standard_output(arguments: list[str], call: str) -> None:
    result = nascompile("trial.py", *arguments)
    assert (result.returncode, result.stderr) == (0, b"")
    assert f"from nascompile_runtime.graph import {call} as".encode() in result.stdout
    assert b"@nni" not in result.stdout


def test_options_may_come_before_the_file() -> None:
    assert nascompile("--mode", "enas", "trial.py").stdout == nascompile("trial.py", "--mode=enas").stdout


def test_file_named_like_a_command_is_reached_by_its_path(folder: Path) -> None:
    shutil.copy(folder / "plain.py", folder / "space")
    assert nascompile("./space").stdout == (folder / "plain.py").read_bytes()
    assert nascompile("--", "space").stdout == (folder / "plain.py").read_bytes()


def test_keys_begin_with_the_file_s_stem_or_stdin() -> None:
    assert b'"trial"' in nascompile("trial.py").stdout
    assert b'"stdin"' in nascompile("-", stdin=TRIAL.encode()).stdout


def test_all_modes_are_told_in_the_help() -> None:
    text = nascompile("--help").stdout.decode()
    assert all(f"{mode} (" in text for mode in MODES)


def test_help_shows_the_commands_however_it_is_asked_for() -> None:
    text = nascompile("-h").stdout.decode()
    assert text == nascompile("--help").stdout.decode() == nascompile("trial.py", "-h").stdout.decode()
    assert text.startswith("Usage: nascompile [OPTIONS] SRC...\n       nascompile COMMAND ...\n")
    assert all(f"  {command} " in text for command in ("check", "exec", "space"))
    assert nascompile("space", "-h").stdout.startswith(b"Usage: nascompile space [OPTIONS] SRC\n")


# -o


def test_file_is_written_where_o_says(folder: Path) -> None:
    (folder / "out").mkdir()
    expected = nascompile("trial.py").stdout
    places = {"new.py": "new.py", "out": "out/trial.py", "out/": "out/trial.py", "out/x": "out/x"}
    places |= {"made/": "made/trial.py", "made/deep/x.py": "made/deep/x.py"}
    for out, written in places.items():
        result = nascompile("trial.py", "-o", out)
        assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
        assert (folder / written).read_bytes() == expected


def test_o_dash_is_standard_output() -> None:
    assert nascompile("trial.py", "-o", "-") == nascompile("trial.py")


def test_new_file_is_as_executable_as_its_source(folder: Path) -> None:
    (folder / "trial.py").chmod(0o755)
    nascompile("trial.py", "-o", "out.py")
    assert stat.S_IMODE((folder / "out.py").stat().st_mode) == 0o755


def test_several_files_go_to_a_folder(folder: Path) -> None:
    assert nascompile("trial.py", "plain.py", "-o", "out").returncode == 0
    assert (folder / "out/plain.py").read_bytes() == (folder / "plain.py").read_bytes()
    assert (folder / "out/trial.py").read_bytes() == nascompile("trial.py").stdout


def test_folder_is_compiled_and_all_of_it_comes_along(folder: Path) -> None:
    before = everything(folder / "src")
    result = nascompile("src", "-o", "out", "--mode", "enas")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    after = everything(folder / "out")
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == ["pkg/net.py"]
    assert b'_nascompile.conditional("pkg.net", "h"' in (after["pkg/net.py"] or b"")
    assert os.readlink(folder / "out/link") == "nowhere"
    assert os.access(folder / "out/run.sh", os.X_OK)
    assert everything(folder / "src") == before


def test_folder_is_compiled_again_into_the_same_one(folder: Path) -> None:
    nascompile("src", "-o", "out")
    (folder / "out/checkpoint").write_bytes(b"weights")
    assert nascompile("src", "-o", "out", "--mode", "oneshot").returncode == 0
    assert b"dropout_sum" in (folder / "out/pkg/net.py").read_bytes()
    assert (folder / "out/checkpoint").read_bytes() == b"weights"


# mistakes


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["wrong.py"], "wrong.py"),
        (["wrong.py", "-o", "out.py"], "wrong.py"),
        (["plain.py", "wrong.py", "-o", "out"], "wrong.py"),
        (["src", "-o", "out"], "src/pkg/wrong.py"),
        (["exec", "wrong.py"], "wrong.py"),
        (["check", "wrong.py"], "wrong.py"),
        (["check", "plain.py", "src"], "src/pkg/wrong.py"),
        (["space", "wrong.py", "-o", "out.json"], "wrong.py"),
        (["space", "src"], "src/pkg/wrong.py"),
    ],
)
def test_mistake_is_told_and_nothing_is_written(folder: Path, arguments: list[str], name: str) -> None:
    shutil.copy(folder / "wrong.py", folder / "src/pkg")
    before = everything(folder)
    result = nascompile(*arguments)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode().startswith(f"{name}:6:")
    assert b"error[NC203]" in result.stderr
    assert everything(folder) == before


def test_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    shutil.copy(folder / "wrong.py", folder / "worse.py")
    result = nascompile("check", "wrong.py", "worse.py")
    assert result.stderr.count(b"error[NC203]") == 2


def test_old_output_stays_where_the_source_has_a_mistake(folder: Path) -> None:
    nascompile("src", "-o", "out")
    before = everything(folder / "out")
    (folder / "src/pkg/net.py").write_text(WRONG)
    (folder / "src/run.sh").write_text("changed")
    assert nascompile("src", "-o", "out").returncode == 1
    assert everything(folder / "out") == before


@pytest.mark.parametrize("arguments", [["wrong.py"], ["check", "wrong.py"], ["space", "wrong.py"]])
def test_mistakes_are_told_as_json(arguments: list[str]) -> None:
    result = nascompile(*arguments, "--format", "json")
    [told] = json.loads(result.stderr)
    assert result.returncode == 1
    assert (told["file"], told["line"], told["code"], told["severity"]) == ("wrong.py", 6, "NC203", "error")


def test_json_is_an_empty_array_where_all_is_well() -> None:
    assert json.loads(nascompile("check", "trial.py", "--format", "json").stderr) == []


def test_check_says_nothing_of_what_is_right(folder: Path) -> None:
    before = everything(folder)
    result = nascompile("check", "trial.py", "src", "-", stdin=TRIAL.encode())
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert everything(folder) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'SRC...'"),
        (["missing.py"], "'missing.py' does not exist"),
        (["trial.py", "missing"], "'missing' does not exist"),
        (["trial.py", "--mode", "enass"], "unknown mode 'enass'; the modes are classic, enas, oneshot, darts, fixed"),
        (["trial.py", "--format", "xml"], "'xml' is not one of"),
        (["trial.py", "--frobnicate"], "No such option"),
        (["src"], "a folder needs -o OUT"),
        (["src", "-o", "-"], "a folder needs -o OUT"),
        (["trial.py", "plain.py"], "several files need -o OUT"),
        (["trial.py", "plain.py", "-o", "one.json"], "several files need a folder for -o, and one.json is none"),
        (["trial.py", "src/../trial.py", "-o", "out"], "have the same name"),
        (["src", "trial.py", "-o", "out"], "a folder is compiled alone"),
        (["trial.py", "-o", "plain.py/out.py"], "plain.py is no folder"),
        (["trial.py", "-o", "plain.py/"], "plain.py is no folder"),
        (["src", "-o", "plain.py/out"], "plain.py is not a folder"),
        (["*.txt", "--check"], "no Python file matches '*.txt'"),
        (["t*.py"], "several files need -o OUT"),
        (["t*.py", "-o", "plain.py"], "several files need a folder for -o, and plain.py is none"),
        (["t*.py", "-o", "."], "which is never written"),
        (["trial.py", "-q", "-v"], "--quiet and --verbose do not go together"),
        (["trial.py", "--jobs", "0"], "0 is not in the range x>=1"),
        (["trial.py", "--config", "missing.toml"], "there is no file 'missing.toml'"),
        (["trial.py", "-o", "trial.py"], "trial.py is the source trial.py, which is never written"),
        (["trial.py", "-o", "."], "which is never written"),
        (["trial.py", "-o", "same.py"], "same.py is the source trial.py"),
        (["trial.py", "plain.py", "-o", "."], "which is never written"),
        (["-", "-o", "src"], "standard input has no name"),
        (["src", "-o", "src"], "is the source folder"),
        (["src", "-o", "src/out"], "lies inside the source folder"),
        (["src", "-o", "."], "lies inside the output folder"),
        (["src", "-o", "trial.py"], "trial.py is not a folder"),
        (["trial.py", "--arch", "one.json"], "--arch is for --mode fixed"),
        (["trial.py", "--no-scopes"], "--no-scopes is for --mode fixed"),
        (["trial.py", "--mode=fixed", "--arch", "missing.json"], "there is no file 'missing.json'"),
        (["trial.py", "--mode=fixed", "--arch", "list.json#0"], "ranks count from 1"),
        (["trial.py", "--mode=fixed", "--arch", "src"], "there is no file 'src'"),
        (["trial.py", "--mode=fixed"], "mode fixed needs an architecture"),
        (["space"], "Missing argument 'SRC'"),
        (["space", "missing.py"], "'missing.py' does not exist"),
        (["space", "trial.py", "-o", "trial.py"], "which is never written"),
        (["space", "trial.py", "-o", "src"], "src is a folder"),
        (["space", "src", "-o", "src/pkg/net.py"], "which is never written"),
        (["space", "trial.py", "--graph", "out.png"], "'out.png' does not say how to draw; end it in .svg, .dot, .gv"),
        (["space", "trial.py", "--arch", "one.json"], "--arch is for --graph FILE"),
        (["space", "trial.py", "--flat", "--stats"], "--flat and --stats do not go together"),
        (["check"], "Missing argument 'SRC...'"),
        (["check", "missing"], "'missing' does not exist"),
        (["exec"], "Missing argument 'FILE'"),
        (["exec", "src"], "is a directory"),
        (["exec", "-"], "does not exist"),
        (["exec", "trial.py", "--mode", "dart"], "unknown mode 'dart'"),
    ],
)
def test_wrong_usage_is_explained_and_writes_nothing(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "same.py").hardlink_to(folder / "trial.py")
    before = everything(folder)
    result = nascompile(*arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert message in result.stderr.decode()
    assert b"Traceback" not in result.stderr
    assert everything(folder) == before


def test_what_cannot_be_written_is_told_in_a_sentence(folder: Path) -> None:
    code = (
        "import os, sys\nos.replace = lambda *names: os.open('/nowhere/x', 0)\nfrom nascompile.cli import main\nmain()"
    )
    (folder / "out.py").write_bytes(b"old")
    result = process("-c", code, "trial.py", "-o", "out.py")
    assert (result.returncode, result.stderr) == (1, b"Error: No such file or directory: /nowhere/x\n")
    assert (folder / "out.py").read_bytes() == b"old"
    assert not [name for name in os.listdir(folder) if name.endswith(".tmp")]


# --arch


@pytest.mark.parametrize(
    ("arch", "size"),
    [("one.json", 5), ("list.json", 3), ("list.json#2", 5), ("ranking.json#1", 3), ("ranking.json#2", 5)],
)
def test_fixed_takes_the_architecture_of_a_file(arch: str, size: int) -> None:
    result = nascompile("trial.py", "--mode", "fixed", "--no-scopes", "--arch", arch)
    assert (result.returncode, result.stderr) == (0, b"")
    assert f"h = conv([[x], []], size={size})".encode() in result.stdout


def test_file_that_really_ends_like_a_rank_comes_first(folder: Path) -> None:
    shutil.copy(folder / "one.json", folder / "list.json#1")
    result = nascompile("trial.py", "--mode", "fixed", "--no-scopes", "--arch", "list.json#1")
    assert b"size=5)" in result.stdout


def test_fixed_needs_no_architecture_for_a_file_without_layers(folder: Path) -> None:
    assert nascompile("plain.py", "--mode", "fixed").stdout == (folder / "plain.py").read_bytes()


@pytest.mark.parametrize(
    ("content", "rank", "message"),
    [
        (b'{"trial": \n  {"h" 1}}', "", "arch.json:2:8: error[NC401]: the file is not JSON: Expecting ':' delimiter"),
        (b"\xff", "", "arch.json: error[NC401]: the file is not UTF-8"),
        (b"[" * 100_000, "", "arch.json: error[NC401]: the file is not JSON"),
        (b"[]", "", "there is no architecture of rank 1: the file holds none"),
        (b"[{}, {}]", "#3", "there is no architecture of rank 3: the file holds 2"),
        (b'"trial"', "", 'error[NC401]: "trial" is not an architecture'),
        (b'[{"score": 1, "architecture": 5}]', "", "error[NC401]: 5 is not an architecture"),
        (b"{}", "", "error[NC402]"),
        (b'{"trial": {"h": {"chosen_layer": "conv(size=7)", "chosen_inputs": []}}}', "", "conv(size=7)"),
    ],
)
def test_mistake_in_an_architecture_is_told(folder: Path, content: bytes, rank: str, message: str) -> None:
    (folder / "arch.json").write_bytes(content)
    for start in (["trial.py"], ["exec", "trial.py"]):
        result = nascompile(*start, "--mode", "fixed", "--arch", f"arch.json{rank}")
        assert (result.returncode, result.stdout) == (1, b"")
        assert message in result.stderr.decode()


def test_architecture_with_a_byte_order_mark_is_read(folder: Path) -> None:
    (folder / "bom.json").write_text(json.dumps(ARCHITECTURE), encoding="utf-8-sig")
    assert nascompile("trial.py", "--mode", "fixed", "--no-scopes", "--arch", "bom.json").returncode == 0


# space


def test_space_is_written_as_json() -> None:
    expected = {"_type": "mutable_layer", "_value": {"h": {"layer_choice": ["conv(size=3)", "conv(size=5)"]}}}
    for source, key in {"trial.py": "trial", "src": "pkg.net", "-": "stdin"}.items():
        result = nascompile("space", source, stdin=TRIAL.encode())
        space = json.loads(result.stdout)
        assert (result.returncode, result.stderr) == (0, b"")
        assert list(space) == [key]
        assert space[key]["_type"] == expected["_type"]
        assert space[key]["_value"]["h"]["layer_choice"] == ["conv(size=3)", "conv(size=5)"]


def test_space_is_written_where_o_says(folder: Path) -> None:
    result = nascompile("space", "trial.py", "-o", "space.json")
    assert (result.returncode, result.stdout) == (0, b"")
    assert (folder / "space.json").read_bytes() == nascompile("space", "trial.py").stdout


def test_space_of_a_file_without_annotations_is_empty() -> None:
    assert json.loads(nascompile("space", "plain.py").stdout) == {}


@pytest.mark.parametrize("source", ["trial.py", "src", "-"])
def test_size_of_a_space_is_told(source: str) -> None:
    result = nascompile("space", source, "--stats", stdin=TRIAL.encode())
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.startswith(b"2 architectures, 1 layer in 1 block\n")
    as_json = nascompile("space", source, "--stats", "--format", "json", stdin=TRIAL.encode())
    assert json.loads(as_json.stdout)["architectures"] == 2


@pytest.mark.parametrize("source", ["trial.py", "src", "-"])
def test_space_is_drawn(folder: Path, source: str) -> None:
    for name, start in {"out.svg": b"<svg ", "out.dot": b"digraph "}.items():
        result = nascompile("space", source, "--graph", name, stdin=TRIAL.encode())
        assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
        assert (folder / name).read_bytes().startswith(start)
        assert b"conv(size=5)" in (folder / name).read_bytes()


def test_drawing_comes_beside_the_space_where_both_are_asked_for(folder: Path) -> None:
    nascompile("space", "trial.py", "--graph", "out.svg", "-o", "space.json")
    assert (folder / "space.json").read_bytes() == nascompile("space", "trial.py").stdout
    assert b"2 architectures" in nascompile("space", "trial.py", "--graph", "out.svg", "--stats").stdout


def test_drawing_shows_an_architecture(folder: Path) -> None:
    assert nascompile("space", "trial.py", "--graph", "out.svg", "--arch", "list.json#2").returncode == 0
    assert b'class="on"' in (folder / "out.svg").read_bytes()


def test_drawing_of_an_architecture_that_does_not_fit_is_refused(folder: Path) -> None:
    (folder / "arch.json").write_text('{"trial": {"h": {"chosen_layer": "conv(size=7)"}}}')
    result = nascompile("space", "trial.py", "--graph", "out.svg", "--arch", "arch.json")
    assert result.returncode == 1
    assert b"error[NC402]: the architecture does not fit" in result.stderr
    assert not (folder / "out.svg").exists()


# the process


def test_version_loads_nothing_heavy() -> None:
    code = """
import sys
sys.argv[0] = "nascompile"
from nascompile.cli import main
try:
    main()
finally:
    loaded = {name.partition(".")[0] for name in sys.modules}
    print(sorted(loaded & {"libcst", "rich", "msgspec", "numpy", "tensorflow", "nascompile_runtime"}))
"""
    result = process("-c", code, "--version")
    assert result.stdout.decode().splitlines() == [f"nascompile {__version__}", "[]"]


def test_compiler_works_where_tensorflow_cannot_be_imported() -> None:
    code = """
import sys
sys.modules["tensorflow"] = sys.modules["nascompile_runtime"] = None
from nascompile.cli import main
main()
"""
    result = process("-c", code, "trial.py", "--mode", "enas")
    assert (result.returncode, result.stderr) == (0, b"")


def test_process_reads_and_writes_bytes() -> None:
    data = "# coding: latin-1\r\nname = 'é'\r\n\0".encode("latin-1")
    assert process("-m", "nascompile", "-", stdin=data) == Result(0, data, b"")
    assert process("-m", "nascompile", "-", stdin=WRONG.encode()).returncode == 1
    assert process("-m", "nascompile", "missing.py").returncode == 2


def test_installed_command_is_the_same() -> None:
    from nascompile.__main__ import main as start

    [command] = metadata.entry_points(group="console_scripts", name="nascompile")
    assert command.load() is start


@pytest.mark.skipif(sys.platform == "win32", reason="no head")
def test_closed_pipe_is_no_news(folder: Path) -> None:
    (folder / "long.py").write_bytes(b"x = 1\n" * 200_000)
    command = f"{sys.executable} -m nascompile long.py | head -1"
    result = subprocess.run(command, shell=True, capture_output=True, timeout=60, check=True)
    assert (result.stdout, result.stderr) == (b"x = 1\n", b"")


@pytest.mark.skipif(shutil.which("script") is None, reason="no terminal to be had")
@pytest.mark.parametrize("no_colour", [False, True])
def test_terminal_gets_a_summary_and_colour_unless_it_is_unwanted(no_colour: bool) -> None:
    environment = {**os.environ, "TERM": "xterm"} | ({"NO_COLOR": "1"} if no_colour else {})
    shown = [
        subprocess.run(
            ["script", "-qec", f"{sys.executable} -m nascompile {arguments}", "/dev/null"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        ).stdout.decode()
        for arguments in ("src -o out", "wrong.py")
    ]
    assert "4 files, 1 compiled, 1 layer, 2 architectures" in shown[0]
    assert "unknown field" in shown[1]
    assert ("\x1b[31m" in shown[1] or "\x1b[1;31m" in shown[1]) is not no_colour
