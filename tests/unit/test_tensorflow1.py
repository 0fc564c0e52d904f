"""With --tf1 a file of TensorFlow 1 imports that; names that are gone are told, and files that need it are noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from promises import check_promises

from nascompile.api import compile_source
from nascompile.cli import program
from nascompile.config import Settings
from nascompile.preparation import prepare

SWITCHES = (
    b'hasattr(%b, "is_v1") or setattr(%b, "is_v1", not (%b.disable_v2_behavior() or %b.enable_resource_variables()))'
)
FROM = b'__import__("tensorflow").compat.v1'


def switched(name: bytes) -> bytes:
    return SWITCHES % ((name,) * 4)


REWRITES = [
    (b"import tensorflow as tf\n", b"import tensorflow.compat.v1 as tf; " + switched(b"tf") + b"\n"),
    (b"import tensorflow\n", b"import tensorflow.compat.v1 as tensorflow; " + switched(b"tensorflow") + b"\n"),
    (
        b"import os, tensorflow as tf , sys  # why\n",
        b"import os, tensorflow.compat.v1 as tf , sys; " + switched(b"tf") + b"  # why\n",
    ),
    (
        b"try: import tensorflow \\\r\n  as tf; x = 1\r\nexcept E: pass\r\n",
        b"try: import tensorflow.compat.v1 \\\r\n  as tf; " + switched(b"tf") + b"; x = 1\r\nexcept E: pass\r\n",
    ),
    (
        b"from tensorflow import (placeholder,\n  Session)\n",
        b"from tensorflow.compat.v1 import (placeholder,\n  Session); " + switched(FROM) + b"\n",
    ),
    (
        b"def f():\n\timport tensorflow as t\n",
        b"def f():\n\timport tensorflow.compat.v1 as t; " + switched(b"t") + b"\n",
    ),
]
UNTOUCHED = [
    b"import tensorflow.compat.v1 as tf\n",
    b"import tensorflow.keras\nfrom tensorflow.keras import layers\n",
    b"from .tensorflow import x\nfrom . import tensorflow\n",
    b"import tensorflow_probability as tensorflow\n",
    b"# import tensorflow as tf\nx = 'import tensorflow'\n",
    b"import tensorflow as (\n",
    b"\xff import tensorflow\n",
]
MODES = ["classic", "enas", "fixed"]


@pytest.mark.parametrize(("source", "output"), REWRITES)
@pytest.mark.parametrize("mode", MODES)
def test_imports_are_rewritten_on_their_lines(source: bytes, output: bytes, mode: str) -> None:
    compiled = compile_source(source, mode=mode, tf1=True)
    assert compiled.output == output
    assert compile_source(output, mode=mode, tf1=True).output == output
    assert compile_source(source, mode=mode).output == source


@pytest.mark.parametrize("source", UNTOUCHED)
def test_other_imports_stay(source: bytes) -> None:
    assert compile_source(source, mode="enas", tf1=True).output == source


ANNOTATED = b"""import tensorflow as tf
import nni
x = tf.placeholder(tf.float32, [None, 4])
# @nni.mutable_layer(layer_choice=[abs(), max()], fixed_inputs=[x])
h = abs([[x], []])
# @nni.variable(nni.choice(1, 2), name=y)
y = 1
"""


def test_annotated_files_are_rewritten_and_compiled() -> None:
    output = compile_source(ANNOTATED, module="m", mode="enas", tf1=True).output
    assert output is not None
    first, second = output.split(b"\n")[:2]
    header = b"from nascompile_runtime.graph import enas as _nascompile; import tensorflow.compat.v1 as tf; "
    assert (first, second) == (header + switched(b"tf"), b"import nni")
    plain = compile_source(ANNOTATED, module="m", mode="enas").output
    assert plain is not None
    assert output.split(b"\n")[1:] == plain.split(b"\n")[1:]
    check_promises(ANNOTATED, plain)


def test_fixed_scopes_are_spelled_as_the_import_needs() -> None:
    architecture = {"m": {"h": {"chosen_layer": "max()", "chosen_inputs": []}}}
    for tf1, scope in ((True, b"with tf.variable_scope("), (False, b"with tf.compat.v1.variable_scope(")):
        compiled = compile_source(ANNOTATED, module="m", mode="fixed", architecture=architecture, tf1=tf1)
        assert compiled.output is not None
        assert scope in compiled.output


def said(source: bytes, *, tf1: bool) -> list[tuple[str, int]]:
    diagnostics = compile_source(source, module="m", mode="enas", tf1=tf1).diagnostics
    assert not any(one.is_error for one in diagnostics)
    return [(one.code, one.span.line if one.span else 0) for one in diagnostics if one.code.startswith("NC8")]


def test_code_of_tensorflow_1_is_noticed_once() -> None:
    assert said(ANNOTATED + b"tf.Session()\n", tf1=False) == [("NC801", 3)]
    assert said(ANNOTATED, tf1=True) == []
    assert said(ANNOTATED.replace(b"import tensorflow as", b"import tensorflow.compat.v1 as"), tf1=False) == []
    assert said(ANNOTATED.replace(b"import tensorflow as tf", b"import net as tf"), tf1=False) == []


def test_what_is_gone_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    source = ANNOTATED + b"tf.contrib.x\ntf.contrib.y\ntf.layers.dense\nimport tensorflow.examples.tutorials\n"
    for installed, told, lines in (
        (False, "1", [8, 10, 11]),
        (True, "0", [8, 10, 11]),
        (True, "1", [8, 11]),
        (True, "True", [8, 11]),
    ):
        monkeypatch.setattr("nascompile.passes.tensorflow1.find_spec", lambda name, found=installed: found or None)
        monkeypatch.setenv("TF_USE_LEGACY_KERAS", told)
        assert said(source, tf1=True) == [("NC802", line) for line in lines]
    monkeypatch.delenv("TF_USE_LEGACY_KERAS")
    itself = b"import os; os.environ['TF_USE_LEGACY_KERAS'] = '1'; "
    assert said(source, tf1=True) == [("NC802", line) for line in (8, 10, 11)]
    assert said(itself + source, tf1=True) == [("NC802", line) for line in (8, 11)]


@pytest.mark.parametrize(
    ("line", "shown", "advice"),
    [
        ("tf.contrib.rnn.LSTMCell(4)", "tf.contrib.rnn", "tf.nn.rnn_cell"),
        ("from tensorflow.contrib import rnn", "tensorflow.contrib.rnn", "tf.nn.rnn_cell"),
        ("from tensorflow.contrib.rnn import LSTMCell", "tensorflow.contrib.rnn", "tf.nn.rnn_cell"),
        ("import tensorflow.contrib.rnn as rnn", "tensorflow.contrib.rnn", "tf.nn.rnn_cell"),
        ("from tensorflow.contrib import slim", "tensorflow.contrib", "tf_slim"),
        ("import tensorflow.contrib.slim as slim", "tensorflow.contrib.slim", "tf_slim"),
        ("tf.nn.rnn_cell.LSTMCell(4)", "tf.nn.rnn_cell", "TF_USE_LEGACY_KERAS=1"),
        ("tf.estimator.Estimator(f)", "tf.estimator", "2.15"),
        ("from tensorflow import estimator", "tensorflow.estimator", "2.15"),
        ("import tf_slim as slim; slim.batch_norm(x)", "slim.batch_norm", "tf.layers.batch_normalization"),
        ("from tf_slim import batch_norm, conv2d", "batch_norm", "tf.layers.batch_normalization"),
        ("import tf_slim as slim; slim.conv2d(x)", "", ""),
        ("tf.nn.relu(x); tf.nn.dynamic_rnn(x)", "", ""),
    ],
)
def test_name_that_is_gone_is_told_once_and_as_it_is_written(
    line: str, shown: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    compiled = compile_source(ANNOTATED + line.encode(), module="m", mode="enas", tf1=True)
    told = [one for one in compiled.diagnostics if one.code == "NC802"]
    assert [one.message.partition("`")[2].partition("`")[0] for one in told] == ([shown] if shown else [])
    assert all(advice in (one.hint or "") for one in told)


def test_cells_are_there_where_keras_2_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nascompile.passes.tensorflow1.find_spec", lambda name: True)
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    assert said(ANNOTATED + b"tf.nn.rnn_cell.LSTMCell(4)\n", tf1=True) == []


def test_the_option_reaches_files_folders_and_projects(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    path = tmp_path / "a/trial.py"
    path.write_bytes(REWRITES[0][0])
    alone = CliRunner().invoke(program, [str(path), "--tf1"])
    assert alone.stdout_bytes == REWRITES[0][1]
    assert CliRunner().invoke(program, [str(path)]).stdout_bytes == REWRITES[0][0]
    result = CliRunner().invoke(program, [str(tmp_path / "a"), "--tf1", "-o", str(tmp_path / "b")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "b/trial.py").read_bytes() == REWRITES[0][1]
    prepared = prepare(tmp_path / "a", to=tmp_path / "c", tf1=True)
    assert (Path(prepared.path) / "trial.py").read_bytes() == REWRITES[0][1]
    assert "tf1" in Settings.__struct_fields__
