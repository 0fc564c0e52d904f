"""The hook before a launch: a fresh compiled folder, or an exception that shows the mistakes, and nothing left."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import nascompile
from nascompile import preparation
from nascompile.diagnostics import CompilerBug
from nascompile.fingerprint import fingerprint
from nascompile.flat_space import SampleError
from nascompile.tree import TreeError

TRIAL = """\
import layers
x, y = 10, 20
# @nni.mutable_layer(layer_choice=[layers.double(), layers.half()], fixed_inputs=[1], optional_inputs=[x, y],
#                    optional_input_size=[0, 1])
h = layers.double([[1], []])
print(h)
"""
LAYERS = """\
def double(inputs):
    return 2 * sum(inputs[0]) + sum(inputs[1])

def half(inputs):
    return sum(inputs[0]) / 2 + sum(inputs[1])

def pick(x):
    \"\"\"@nni.mutable_layers({layer_choice: [double(), half(), double(x)], fixed_inputs: [x], layer_output: z})\"\"\"
    return z
"""
ARCHITECTURE = {
    "trial": {"h": {"chosen_layer": "layers.half()", "chosen_inputs": ["y"]}},
    "layers/pick": {"z": {"chosen_layer": "half()", "chosen_inputs": []}},
}


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "data").mkdir(parents=True)
    (folder / "trial.py").write_text(TRIAL)
    (folder / "layers.py").write_text(LAYERS)
    (folder / "data" / "images.bin").write_bytes(b"\x00\xff")
    return folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made in this test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def read_only(code: Path) -> Iterator[Path]:
    paths = [code, *code.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield code
    for path in paths:
        path.chmod(0o755)


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def mistaken(code: Path) -> Path:
    (code / "layers.py").write_text(LAYERS.replace("layer_output", "layer_ouput"))
    (code / "trial.py").write_text(TRIAL.replace("optional_input_size", "optional_input_sze"))
    return code


def test_folder_is_compiled_into_a_temporary_one(code: Path, temporary: Path) -> None:
    before = contents(code)
    prepared = nascompile.prepare(code)
    compiled = Path(prepared.path)
    assert compiled.parent == temporary
    assert compiled.name.startswith("code-classic-")
    assert contents(code) == before
    assert set(contents(compiled)) == set(before)
    assert "sub_graph" in (compiled / "trial.py").read_text()
    assert (compiled / "data" / "images.bin").read_bytes() == b"\x00\xff"
    assert prepared.diagnostics == ()


def test_space_is_told_nested_and_flat_with_its_size(code: Path) -> None:
    prepared = nascompile.prepare(code)
    assert prepared.mode == "classic"
    assert prepared.search_space["trial"]["_value"]["h"]["layer_choice"] == ["layers.double()", "layers.half()"]
    assert prepared.flat_space == {
        "layers/pick/z/layer_choice": {"_type": "choice", "_value": ["double()", "half()", "double(x)"]},
        "trial/h/layer_choice": {"_type": "choice", "_value": ["layers.double()", "layers.half()"]},
        "trial/h/optional_inputs": {"_type": "choice", "_value": ["[]", '["x"]', '["y"]']},
    }
    assert prepared.architectures == 18
    sample = {
        "layers/pick/z/layer_choice": "half()",
        "trial/h/layer_choice": "layers.half()",
        "trial/h/optional_inputs": '["y"]',
    }
    assert prepared.architecture_of(sample) == fingerprint(prepared.space) | ARCHITECTURE
    with pytest.raises(SampleError, match="layers/pick/z/layer_choice"):
        prepared.architecture_of({})


@pytest.mark.parametrize(
    ("spelled", "mode", "graph"),
    [
        ("enas", "enas", "conditional"),
        ("enas_mode", "enas", "conditional"),
        ("oneshot_mode", "oneshot", "dropout_sum"),
        ("classic_mode", "classic", "sub_graph"),
    ],
)
def test_modes_by_name_and_as_nni_spelled_them(code: Path, spelled: str, mode: str, graph: str) -> None:
    prepared = nascompile.prepare(code, mode=spelled)
    assert prepared.mode == mode
    assert graph in Path(prepared.path, "trial.py").read_text()


def test_mode_fixed_takes_an_architecture(code: Path) -> None:
    prepared = nascompile.prepare(code, "fixed", architecture=ARCHITECTURE, scopes=False)
    assert "h = layers.half([[1], [y]])" in Path(prepared.path, "trial.py").read_text()


def test_unknown_mode_says_which_there_are(code: Path, temporary: Path) -> None:
    with pytest.raises(ValueError, match="unknown mode 'enass'; the modes are classic, enas"):
        nascompile.prepare(code, mode="enass")
    assert not list(temporary.iterdir())


def test_only_a_trial_that_is_one_architecture_is_sampled(code: Path, tmp_path: Path) -> None:
    classic, enas = nascompile.prepare(code), nascompile.prepare(code, "enas")
    assert classic.sampled_space == classic.flat_space
    assert enas.sampled_space == {}
    assert enas.flat_space == classic.flat_space
    assert classic.write_search_space() == os.path.join(classic.path, "search_space.json")
    assert json.loads(Path(classic.path, "search_space.json").read_text()) == classic.flat_space
    assert enas.write_search_space(tmp_path / "space.json") == str(tmp_path / "space.json")
    assert json.loads((tmp_path / "space.json").read_text()) == {}


def test_output_goes_where_it_is_told(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    prepared = nascompile.prepare("code", to="deep/er/out")
    assert prepared.path == str(tmp_path / "deep" / "er" / "out")
    assert set(contents(Path(prepared.path))) == set(contents(code))
    (tmp_path / "empty").mkdir()
    assert nascompile.prepare("code", to="empty").path == str(tmp_path / "empty")
    with pytest.raises(FileExistsError, match="no empty folder"):
        nascompile.prepare("code", to="empty")


def test_read_only_sources_are_prepared_and_the_result_can_be_removed(read_only: Path) -> None:
    before = contents(read_only)
    prepared = nascompile.prepare(read_only)
    assert contents(read_only) == before
    assert os.access(prepared.path, os.W_OK)
    assert stat.S_IMODE(os.stat(os.path.join(prepared.path, "data")).st_mode) == 0o755
    prepared.write_search_space()
    shutil.rmtree(prepared.path)


def test_mistakes_are_all_carried_and_shown(code: Path) -> None:
    with pytest.raises(nascompile.PreparationError) as error:
        nascompile.prepare(mistaken(code))
    assert {Path(one.path).name for one in error.value.diagnostics} == {"layers.py", "trial.py"}
    assert all(one.is_error for one in error.value.diagnostics)
    text = str(error.value)
    assert text.startswith(f"{code} cannot be compiled:\n{code}/layers.py:8:")
    assert "did you mean `layer_output`?" in text
    assert "did you mean `optional_input_size`?" in text
    assert "^^^^" in text


def test_warnings_come_with_the_result_and_with_mistakes(code: Path) -> None:
    os.symlink("/etc/hostname", code / "outside.py")
    (warning,) = nascompile.prepare(code).diagnostics
    assert not warning.is_error
    assert "leads out of the folder" in warning.message
    with pytest.raises(nascompile.PreparationError, match="leads out of the folder"):
        nascompile.prepare(mistaken(code))


@pytest.mark.parametrize("to", [None, "new", "deep/er/new", "empty"])
def test_nothing_is_left_of_a_failure(code: Path, tmp_path: Path, to: str | None) -> None:
    (tmp_path / "empty").mkdir()
    before = contents(tmp_path)
    with pytest.raises(nascompile.PreparationError):
        nascompile.prepare(mistaken(code), to=to and tmp_path / to)
    assert set(contents(tmp_path)) == set(before)


@pytest.mark.parametrize("to", [None, "deep/er/new", "empty"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), CompilerBug("a bug")])
def test_nothing_is_left_when_writing_fails(
    code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str | None, error: BaseException
) -> None:
    (tmp_path / "empty").mkdir()
    before = contents(tmp_path)
    compile_tree = preparation.compile_tree

    def fail(*arguments: object) -> None:
        compile_tree(*arguments)  # type: ignore[arg-type]
        raise error

    monkeypatch.setattr(preparation, "compile_tree", fail)
    with pytest.raises(type(error)):
        nascompile.prepare(code, to=to and tmp_path / to)
    assert contents(tmp_path) == before


def test_folder_that_is_none_leaves_nothing(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nascompile.prepare(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        nascompile.prepare(tmp_path / "missing", to=tmp_path / "out")
    (tmp_path / "file.py").write_text("")
    with pytest.raises(NotADirectoryError):
        nascompile.prepare(tmp_path / "file.py")
    assert not (tmp_path / "out").exists()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("to", ["code/out", "code/out/deeper", "code", "."])
def test_folders_that_do_not_go_together_leave_nothing(code: Path, tmp_path: Path, to: str) -> None:
    before = contents(tmp_path)
    with pytest.raises((TreeError, FileExistsError)):
        nascompile.prepare(code, to=tmp_path / to)
    assert contents(tmp_path) == before


def test_compiled_folder_runs(code: Path, tmp_path: Path) -> None:
    (tmp_path / "architecture.json").write_text(json.dumps(ARCHITECTURE))
    done = subprocess.run(
        [sys.executable, "trial.py"],
        cwd=nascompile.prepare(code).path,
        env=os.environ | {"NASCOMPILE_ARCHITECTURE": str(tmp_path / "architecture.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("20.5\n", "")


def test_package_is_light_until_prepare_is_asked_for() -> None:
    program = "import nascompile, sys; print('nascompile.api' in sys.modules); nascompile.prepare; nascompile.no_such"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n"
    assert done.stderr.endswith("AttributeError: module 'nascompile' has no attribute 'no_such'\n")
