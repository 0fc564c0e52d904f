"""What is said of trials that do not search: told by what files do, not by the words in them, and by all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nascompile.api import compile_source
from nascompile.cli import program

LAYER = "# @nni.mutable_layer(layer_choice=[abs(), len()], layer_output=h)\n"
REPORT = "# @nni.report_final_result(1)\n"
IMPORTS = "import nni, tensorflow.compat.v1 as tf\nsaver = path = tf\n"
TRAINS = "with tf.Session() as session:\n    for step in range(9):\n"
IN_ENAS = [
    ("# @nni.get_next_parameter(session)", ""),
    ("# @nni.get_next_parameter(session=session)", ""),
    ("# @nni.training_update(tf=tf, session=session)", ""),
    ("# @nni.training_update(tf=tf, loss=1, feed_dict={})", ""),  # finds the default session
    ("# TODO: training_update", "NC702"),
    ("'''training_update(session), get_next_parameter(session)'''", "NC702"),
    ("print('get_next_parameter(session)')", "NC702"),
    ("# @nni.get_next_parameter()", "NC702"),
    ("# @nni.get_next_parameter(None)", "NC702"),
    ("parameters = nni.get_next_parameter()", "NC702"),
    ("# @nni.derive(session=session, metric=1)", "NC702"),
    ("saver.restore(session, path)\n        # @nni.derive(session=session, metric=1)", ""),
    ("# @nni.get_next_parameter()\n        # @nni.training_update(session=session)", ""),
    ("from nascompile_runtime.graph import enas", ""),
]
IN_DARTS = [
    ("# @nni.training_update(tf=tf, session=session, loss=1, feed_dict={})", ""),
    ("# @nni.get_next_parameter(session)", "NC702"),
    ("# @nni.derive(session=session, metric=1)", "NC702"),
    ("saver.restore(session, path)\n        # @nni.derive(session=session, metric=1)", ""),
    ("# training_update is missing", "NC702"),
]


def _said(text: str, mode: str) -> list[str]:
    compiled = compile_source(text.encode(), path="trial.py", module="trial", mode=mode)
    return [diagnostic.code for diagnostic in compiled.diagnostics]


def _codes(code: str) -> list[str]:
    return [code] if code else []


@pytest.mark.parametrize(
    ("mode", "text", "code"), [("enas", *row) for row in IN_ENAS] + [("darts", *row) for row in IN_DARTS]
)
def test_what_a_mode_loads_or_trains_by_is_told_from_what_it_does_not(mode: str, text: str, code: str) -> None:
    trial = f"{IMPORTS}{LAYER}{TRAINS}        {text}\n        {REPORT}        pass\n"
    assert _said(trial, mode) == _codes(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# @nni.report_final_result(1)", ""),
        ("nni.report_final_result(1)", ""),
        ("print(nni.report_final_result)", ""),
        ("# nni.report_final_result(1)", "NC703"),
        ("print('report_final_result')", "NC703"),
        ("nni.report_intermediate_result(1)", "NC703"),
    ],
)
def test_report_counts_where_it_is_made_and_not_where_it_is_talked_of(text: str, code: str) -> None:
    trial = f"{IMPORTS}{LAYER}{TRAINS}        # @nni.get_next_parameter(session)\n        {text}\n        pass\n"
    assert _said(trial, "enas") == _codes(code)


@pytest.mark.parametrize("text", ["# tf.Session()", "x = '''tf.Session()'''"])
def test_session_that_is_talked_of_trains_nothing(text: str) -> None:
    assert _said(f"{LAYER}{text}\n", "enas") == []
    assert _said(f"import tensorflow.compat.v1 as tf\n{LAYER}tf.Session()\n", "enas") == ["NC702"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("for step in range(9):\n    # @nni.begin_evaluation(session)\n    step", "NC709"),
        ("def evaluate(session):\n    # @nni.begin_evaluation(session)\n    return 1", "NC709"),
        ("def evaluate(self):\n    # @nni.begin_evaluation(self.session)\n    return 1", "NC709"),
        ("def evaluate(session):\n    # @nni.begin_evaluation(session)\n    # @nni.end_evaluation(session)\n    1", ""),
        ("def main():\n    session = 1\n    # @nni.begin_evaluation(session)\n    return 1", ""),
        ("# @nni.begin_evaluation(session)\nprint()", ""),
    ],
)
def test_evaluation_ends_where_training_may_go_on(text: str, code: str) -> None:
    trial = f"import tensorflow.compat.v1 as tf\n{LAYER}session = tf.Session()\n{text}\n"
    assert _said(trial, "oneshot") == _codes(code)
    assert _said(f"{trial}# end_evaluation\n", "oneshot") == _codes(code)
    assert "NC709" not in _said(trial, "enas")


IMPORTED = {
    "steps.py": "import helper\n",
    "helper.py": "def step(session):\n    '''@nni.get_next_parameter(session)'''\n",
    "package/__init__.py": "",
    "package/inner.py": "from . import deep\n",
    "package/deep.py": "def step(session):\n    '''@nni.get_next_parameter(session)'''\n",
    "other.py": "import package\n",
    "broken.py": "def\n",
}


@pytest.mark.parametrize(
    ("imports", "code"),
    [
        ("import steps", ""),
        ("from steps import step", ""),
        ("from package import inner", ""),
        ("from package.inner import step", ""),
        ("import package.inner", ""),
        ("import other", "NC702"),
        ("import broken", "NC702"),
        ("import json", "NC702"),
    ],
)
def test_file_that_is_named_is_looked_at_with_what_it_imports(tmp_path: Path, imports: str, code: str) -> None:
    (tmp_path / "package").mkdir()
    trial = f"import tensorflow.compat.v1 as tf\n{imports}\n{LAYER}session = tf.Session()\n{REPORT}"
    for name, text in {"trial.py": trial, **IMPORTED}.items():
        (tmp_path / name).write_text(text)
    result = CliRunner().invoke(program, [str(tmp_path / "trial.py"), "--mode", "enas", "--format", "json"], obj=[])
    assert [diagnostic["code"] for diagnostic in json.loads(result.stderr)] == _codes(code)
