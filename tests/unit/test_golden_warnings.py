"""What users may have meant otherwise, and what they are told: the cases of tests/golden/warnings.

tests/golden/warnings/<case>/input.py          a file that compiles, as module `input`
                            /warnings.txt      what is said about it in mode enas, or in that of its `# mode: darts`
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from golden_cases import GOLDEN, check_golden
from promises import check_promises

from nascompile.api import Compiled, compile_source
from nascompile.cli import program
from nascompile.diagnostics import Diagnostic, render_text
from nascompile.lines import Lines

CASES = sorted(path.parent for path in GOLDEN.glob("warnings/*/input.py"))
each_case = pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)


def _compiled(data: bytes, mode: str | None = None) -> Compiled:
    written = re.search(rb"^# mode: (\w+)$", data, re.MULTILINE)
    mode = mode or (written[1].decode() if written else "enas")
    return compile_source(data, path="input.py", module="input", mode=mode)


def _codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [one.code for one in diagnostics]


@each_case
def test_what_is_said_is_golden(case: Path, update_golden: bool) -> None:
    compiled = _compiled((case / "input.py").read_bytes())
    text = "".join(f"{render_text(diagnostic)}\n" for diagnostic in compiled.diagnostics)
    check_golden(case / "warnings.txt", text.encode(), update_golden)


@each_case
def test_warning_stops_nothing_and_has_a_place(case: Path) -> None:
    data = (case / "input.py").read_bytes()
    compiled = _compiled(data)
    assert compiled.output is not None
    check_promises(data, compiled.output)
    lines = Lines(data.decode())
    assert compiled.diagnostics
    for one in compiled.diagnostics:
        assert not one.is_error
        assert one.span is not None
        assert one.line_text == lines.line(one.span.line)
        assert (one.span.line, one.span.column) < (one.span.end_line, one.span.end_column)


@each_case
def test_comment_above_or_behind_silences(case: Path) -> None:
    data = (case / "input.py").read_bytes()
    said = _compiled(data).diagnostics
    first = said[0]
    assert first.span is not None
    rest = [one.code for one in said if one.span and (one.code, one.span.line) != (first.code, first.span.line)]
    lines = data.decode().split("\n")
    indent = lines[first.span.line - 1][: -len(lines[first.span.line - 1].lstrip())]
    lines.insert(first.span.line - 1, f"{indent}# nascompile: ignore[NC999, {first.code}]")
    assert _codes(_compiled("\n".join(lines).encode()).diagnostics) == rest


def test_comment_silences_its_own_line() -> None:
    line = "# nni.mutable_layers(layer_choice=[f()])"
    assert _codes(_compiled(f"{line}\n".encode()).diagnostics) == ["NC701"]
    assert not _compiled(f"{line}  # nascompile: ignore[NC701]\n".encode()).diagnostics
    assert _codes(_compiled(f"{line}  # nascompile: ignore[NC702]\n".encode()).diagnostics) == ["NC701"]


@pytest.mark.parametrize(
    "text",
    ["# @nnni.derive(s)", "# @nni_derive(s)", "'''@nni_derive(s)'''", "# @ nni.derive(s)", "f'nni.derive({1})'"],
)
def test_broken_annotation_is_noticed_in_a_file_without_others(text: str) -> None:
    assert _codes(_compiled(f"{text}\n".encode()).diagnostics) == ["NC701"]


@pytest.mark.parametrize(
    "text", ["# @nascompile.derive(s)", "# @mutable_layer(x)", "'''@mutable_layers({})'''", "# @XXnni.derive(s)"]
)
def test_our_name_and_none_are_noticed_in_a_file_without_others(text: str) -> None:
    assert _codes(_compiled(f"{text}\n".encode()).diagnostics) == ["NC701"]
    assert not _compiled(f"x = {text!r}\n".encode()).diagnostics
    assert not _compiled(b"def mutable_layer(x): return lambda f: f\n@mutable_layer(1)\ndef f(): pass\n").diagnostics


@pytest.mark.parametrize("text", ["# @NNI.derive(s)", "# @Nni.derive(s)", "'''@ni.derive(s)'''"])
def test_prefix_without_the_letters_is_noticed_beside_annotations(text: str) -> None:
    """Without any, the file is not even parsed."""
    assert not _compiled(f"{text}\n".encode()).diagnostics
    assert _codes(_compiled(f"{text}\n# @nni.report_final_result(1)\n".encode()).diagnostics) == ["NC701"]


@pytest.mark.parametrize("name", ["@nni. derive(1)", "@nni..derive(1)", "@nni._derive(1)"])
@pytest.mark.parametrize("form", ["# {}", "'''{}'''"])
def test_what_is_an_annotation_with_a_mistake_is_not_warned_of_too(name: str, form: str) -> None:
    assert _codes(_compiled(f"{form.format(name)}\n".encode()).diagnostics) == ["NC202"]


def test_errors_cannot_be_silenced() -> None:
    data = b"# nascompile: ignore[NC203]\n# @nni.get_next_parameter(x=1)  # nascompile: ignore[NC203]\n"
    assert _codes(_compiled(data).diagnostics) == ["NC203"]


@pytest.mark.parametrize(
    "text",
    [
        "nni = 1\nx = nni.get_next_parameter()\n",
        "# x = nni.get_next_parameter()\n",
        "# nni.report_final_result(1)\n",
        "# see @nni.mutable_layers(...)\n",
        "'''Annotate with @nni.mutable_layers(...).'''\n",
        "x = '''nni.mutable_layers('''\n",
        "f(' @nni.get_next_parameter()')\n",
        "# running.variable(x), winning.derive()\n",
        "x = '# nni.mutable_layers('\n",
        "'''\n# nni.mutable_layers(\n'''\n",
        "# nni.mutable_layers are documented elsewhere\n",
        "# nni variable (its default is 1)\n# nni_variable(1), nni: derive (so)\n",
        "# @nn.variable(1), @npm.variable(1), @nnx.variable(1), @union.variable(1), @unni.derive()\n# nni.f(\n",
        "# @ni.remember(x)\n# @NNI.choice(1, 2)\n# nni.f(\n",
        "# who@nni.derive(), https://nni.variable(), a@NNI.derive()\n# nni.f(\n",
        "nni = ni = lambda one: one\n# nni.f(\n@nni\ndef derive(): pass\n@ni\ndef variable(): pass\n",
        "x = f'nni.mutable_layers({1})'\n",
        "f'{1}nni.mutable_layers({2})'\n",
        "print(b'nni.mutable_layers()')\n# nni.f(\n",
        "# nni.mutable_layers(\nprint 'of Python 2'\n",
    ],
)
def test_other_mentions_are_nothing_to_warn_of(text: str) -> None:
    compiled = _compiled(text.encode())
    assert compiled.output == text.encode()
    assert not compiled.diagnostics


@pytest.mark.parametrize(
    "request_in_loop",
    ["'''@nni.get_next_parameter()'''", "parameters = nni.get_next_parameter()", "# @nni.training_update(session=s)"],
)
def test_variable_in_a_loop_that_takes_the_next_parameters_is_nothing_to_warn_of(request_in_loop: str) -> None:
    loop = "import nni\ns = 1\nfor one in range(3):\n    {}\n    # @nni.variable(nni.choice(1, 2), name=x)\n    x = 1\n"
    assert not _compiled(loop.format(request_in_loop).encode()).diagnostics
    assert _codes(_compiled(loop.format("# x = nni.get_next_parameter()").encode()).diagnostics) == ["NC704"]


@pytest.mark.parametrize("layer", ["", "# @nni.mutable_layer(layer_choice=[abs()], layer_output=h)"])
def test_space_without_a_choice_is_nothing_to_search(tmp_path: Path, layer: str) -> None:
    for source in ("trial.py", "."):
        (tmp_path / "trial.py").write_text(f"# @nni.get_next_parameter()\n{layer}\n")
        result = CliRunner().invoke(program, ["space", str(tmp_path / source)], obj=[])
        assert result.exit_code == 0
        assert "warning[NC705]: there is nothing to search" in result.stderr
    (tmp_path / "trial.py").write_text("# @nni.mutable_layer(layer_choice=[abs(), len()], layer_output=h)\n")
    assert CliRunner().invoke(program, ["space", str(tmp_path / "trial.py")], obj=[]).stderr == ""


ONE_CHOICE = "# @nni.mutable_layer(layer_choice=[abs()], layer_output=h)\n"
TWO_CHOICES = "# @nni.mutable_layer(layer_choice=[abs(), len()], layer_output=h)\n"
MISTAKEN = "# @nni.mutable_layer(layer_choice=[abs(), len()], layer_ouput=h)\n"
ASKS = "# @nni.get_next_parameter(session)\n"
REPORTS = "# @nni.report_final_result(1)\n"


@pytest.mark.parametrize(
    ("model", "trial", "codes"),
    [
        (ONE_CHOICE, ASKS + REPORTS, ["NC705"]),
        (ONE_CHOICE, REPORTS, ["NC702", "NC705"]),
        (ONE_CHOICE, TWO_CHOICES + ASKS + REPORTS, []),
        (ONE_CHOICE, "# @nni.variable(nni.choice(1, 2), name=x)\nx = 1\n" + ASKS + REPORTS, []),
        (ONE_CHOICE, MISTAKEN, ["NC203"]),
        ("", ASKS + REPORTS, ["NC705"]),
        ("", "# @nni.variable(nni.choice(1, 2), name=x)\nx = 1\n" + ASKS + REPORTS, []),
        ("", REPORTS, []),
        ("", "", []),
        (TWO_CHOICES, ASKS + REPORTS, []),
    ],
)
def test_folder_whose_layers_leave_no_choice_is_nothing_to_search(
    tmp_path: Path, model: str, trial: str, codes: list[str]
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/model.py").write_text(model)
    (tmp_path / "source/trial.py").write_text("session = tf.Session()\n" + trial)
    for mode, said in (("enas", codes), ("classic", [code for code in codes if code == "NC203"])):
        arguments = [str(tmp_path / "source"), "-o", str(tmp_path / "out"), "--mode", mode, "--format", "json"]
        result = CliRunner().invoke(program, arguments, obj=[])
        assert sorted(one["code"] for one in json.loads(result.stderr)) == said


@pytest.mark.parametrize("mode", ["enas", "oneshot", "darts"])
def test_file_alone_may_have_its_layers_in_another_one(mode: str) -> None:
    session = "session = tf.Session()\n"
    update = "# @nni.training_update(session=session)\n"
    evaluation = "# @nni.begin_evaluation(session)\n"
    trial = (session + ASKS + update + evaluation + REPORTS).encode()
    assert not _compiled(trial, mode).diagnostics
    assert _codes(_compiled(trial + ONE_CHOICE.encode(), mode).diagnostics) == ["NC705"]
    in_parts = b"'@nni.mutable_' 'layer(layer_choice=[abs()], layer_output=h)'\n"
    assert _codes(_compiled(trial + in_parts, mode).diagnostics) == ["NC705"]


def test_what_one_file_of_a_folder_lacks_another_may_have(tmp_path: Path) -> None:
    """A model file has no session, and a training file no layers."""
    model = "# @nni.mutable_layer(layer_choice=[abs(), len()], layer_output=h)\n"
    train, request = "session = tf.Session()\n", "# @nni.get_next_parameter(session)\n"
    report = "# @nni.report_final_result(1)\n"
    (tmp_path / "model.py").write_text(model)
    supervised = "with tf.train.Supervisor().managed_session() as session:\n    pass\n"
    for text, codes in (
        (train, ["NC702"]),
        (supervised, ["NC702"]),
        (train + request, ["NC703"]),
        (train + request + report, []),
        ("", []),
    ):
        (tmp_path / "trial.py").write_text(text)
        arguments = [str(tmp_path), "-o", str(tmp_path.with_name("out")), "--mode", "enas", "--format", "json"]
        result = CliRunner().invoke(program, arguments, obj=[])
        assert result.exit_code == 0
        assert [one["code"] for one in json.loads(result.stderr)] == codes


def test_oneshot_measures_dropped_paths_where_nothing_marks_an_evaluation(tmp_path: Path) -> None:
    layer = "# @nni.mutable_layer(layer_choice=[abs(), len()], layer_output=h)\n"
    train, mark = "session = tf.train.SingularMonitoredSession()\n", "# @nni.begin_evaluation(session)\n"
    report = "# @nni.report_final_result(1)\n"
    for text, mode, codes in (
        (train + report, "oneshot", ["NC708"]),
        (train + mark + report, "oneshot", []),
        (train, "oneshot", []),
        (report, "oneshot", []),
        (train + report, "enas", ["NC702"]),
        (train + report, "classic", []),
    ):
        trial = f"import tensorflow.compat.v1 as tf\n{layer}{text}"
        (tmp_path / "trial.py").write_text(trial)
        result = CliRunner().invoke(program, [str(tmp_path / "trial.py"), "--mode", mode, "--format", "json"], obj=[])
        assert result.exit_code == 0
        assert [one["code"] for one in json.loads(result.stderr)] == codes


def test_layers_of_a_folder_without_tensorflow_get_no_scope(tmp_path: Path) -> None:
    """Where another file trains, there are weights, and their names are not those of other modes."""
    layer = "# @nni.mutable_layer(layer_choice=[conv(), pool()], layer_output=h)\n"
    train = "import tensorflow.compat.v1 as tf\nsession = tf.Session()\n# @nni.get_next_parameter(session)\n"
    architecture = tmp_path / "best.json"
    architecture.write_text('{"model": {"h": {"chosen_layer": "pool()", "chosen_inputs": []}}}')
    folder = tmp_path / "source"
    folder.mkdir()
    for imports, options, trial, codes in (
        ("from layers import conv, pool\n", [], train, ["NC707"]),
        ("from layers import conv, pool\n", ["--no-scopes"], train, []),
        ("from layers import conv, pool\n", [], "", []),
        ("import tensorflow as tf\nfrom layers import conv, pool\n", [], train, []),
    ):
        (folder / "model.py").write_text(imports + layer)
        (folder / "trial.py").write_text(trial)
        arguments = [str(folder), "-o", str(tmp_path / "out"), "--mode", "fixed", "--arch", str(architecture)]
        result = CliRunner().invoke(program, [*arguments, *options, "--format", "json"], obj=[])
        assert result.exit_code == 0
        assert [(one["code"], Path(one["file"]).name) for one in json.loads(result.stderr)] == [
            (code, "model.py") for code in codes
        ]
