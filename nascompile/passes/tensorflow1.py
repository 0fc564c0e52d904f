"""Warns of code that was written for TensorFlow 1: it needs --tf1, or what it names is gone for good.

import tensorflow as tf
x = tf.placeholder(tf.float32)         `tf.placeholder` is TensorFlow 1: compile with --tf1
y = tf.contrib.layers.flatten(x)       `tf.contrib` is gone: use …
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from importlib.util import find_spec

from nascompile.diagnostics import Reporter, Span
from nascompile.frontend.read import PythonFile
from nascompile.lines import Lines

_IN_TF_KERAS = "install tf_keras, and set TF_USE_LEGACY_KERAS=1 before TensorFlow is imported, as in the shell"
_GONE = {
    "contrib": "parts live on: slim in the package tf_slim, initializers in `tf.initializers`, Keras in `tf.keras`",
    "contrib.rnn": f"its cells are those of `tf.nn.rnn_cell`: {_IN_TF_KERAS}",
    "estimator": "train in a session, or with Keras: the last TensorFlow that has it is 2.15",
    "examples": "load such data in another way: MNIST with `tf.keras.datasets.mnist.load_data()`",
    "layers": _IN_TF_KERAS,
    "nn.rnn_cell": _IN_TF_KERAS,
}
_OF_KERAS = ("layers", "nn.rnn_cell")
_SLIM = "tf_slim"
_BROKEN_IN_SLIM = "batch_norm"  # it takes the layers of TensorFlow 1 from where they no longer are
_SLIM_HINT = "write `tf.layers.batch_normalization`, for which tf_keras and TF_USE_LEGACY_KERAS=1 are needed"
_SWITCH = "TF_USE_LEGACY_KERAS"
_ONLY_IN_1 = frozenset(
    (
        *("placeholder", "placeholder_with_default", "Session", "InteractiveSession", "ConfigProto", "get_variable"),
        *("variable_scope", "get_variable_scope", "global_variables_initializer", "trainable_variables", "layers"),
        *("truncated_normal", "random_normal", "random_uniform", "get_collection", "add_to_collection", "log"),
        *("reset_default_graph", "get_default_graph", "AUTO_REUSE", "app", "flags", "to_float", "to_int32"),
    )
)
_NAMES = "|".join(sorted({name.rpartition(".")[2] for name in (*_ONLY_IN_1, *_GONE)}))
_looks_old = re.compile(rf"\.(?:{_NAMES})\b|\bfrom\s+tensorflow[\s.]|\b{_SLIM}\b").search


def check_tensorflow1(file: PythonFile, *, tf1: bool, reporter: Reporter) -> None:
    """Warn of names that are gone, each once, and without --tf1 of the first that only TensorFlow 1 has."""
    if "tensorflow" not in file.lines.text or not _looks_old(file.lines.text):
        return
    plain, all_names = _names_of_tensorflow(file.tree)
    told: set[str] = set()
    for shown, node in _broken_in_slim(file.tree):
        message = f"`{shown}` of tf_slim does not run on TensorFlow of today"
        reporter.warning("NC802", message, _span(node, file.lines), _SLIM_HINT)
        break
    for name, shown, node in _mentions(file.tree, all_names):
        gone = name in _GONE and (name not in _OF_KERAS or not _has_layers(file.lines.text))
        span = _span(node, file.lines)
        if gone and name not in told:
            told.add(name)
            reporter.warning("NC802", f"`{shown}` is gone from TensorFlow", span, _GONE[name])
        if name in _ONLY_IN_1 and not tf1 and "" not in told and shown.partition(".")[0] in plain:
            told.add("")
            hint = "compile with --tf1, which makes the import that of `tensorflow.compat.v1`"
            reporter.warning("NC801", f"`{shown}` is TensorFlow 1, and TensorFlow 2 has no such name", span, hint)


def _has_layers(text: str) -> bool:
    """Whether `tf.layers` is there: TensorFlow takes it from tf_keras, if this shell or the file tells it to."""
    is_told = os.environ.get(_SWITCH) in ("1", "true", "True") or _SWITCH in text
    return is_told and find_spec("tf_keras") is not None


def _names_of_tensorflow(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names that imports bind to `tensorflow` itself, and those with its `compat.v1` among them."""
    imports = [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    plain = {alias.asname or "tensorflow" for alias in imports if alias.name == "tensorflow"}
    return plain, plain | {one.asname for one in imports if one.name == "tensorflow.compat.v1" and one.asname}


def _mentions(tree: ast.Module, names: set[str]) -> Iterator[tuple[str, str, ast.expr | ast.stmt]]:
    """Yield what is looked up in TensorFlow, in the order of the source: the name, how it is spelled, and where."""
    found: list[tuple[str, str, ast.expr | ast.stmt]] = []
    nested: set[ast.expr] = set()  # what is part of a longer name that is known
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=module), attr=outer) as inner, attr=name) if (
                module in names and f"{outer}.{name}" in _GONE
            ):
                nested.add(inner)
                found.append((f"{outer}.{name}", f"{module}.{outer}.{name}", node))
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in names and node not in nested:
                found.append((name, f"{module}.{name}", node))
            case ast.Import(names=aliases):
                modules = [alias.name for alias in aliases]
                found += [(_known(one), one, node) for one in modules if one.startswith("tensorflow.")]
            case ast.ImportFrom(module=str(module), level=0, names=aliases) if module.startswith("tensorflow."):
                known = [one for alias in aliases if "." in (one := _known(f"{module}.{alias.name}"))]
                found += [(one, f"tensorflow.{one}", node) for one in known] or [(_known(module), module, node)]
            case ast.ImportFrom(module="tensorflow", level=0, names=aliases):
                found += [(alias.name, f"tensorflow.{alias.name}", node) for alias in aliases]
    return iter(sorted(found, key=lambda one: (one[2].lineno, one[2].col_offset)))


def _known(module: str) -> str:
    """Return what a dotted name has of TensorFlow, as it is known: `contrib.rnn`, or only the first part of it."""
    parts = module.split(".")[1:]
    return longer if (longer := ".".join(parts[:2])) in _GONE else parts[0]


def _broken_in_slim(tree: ast.Module) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """Yield where the batch normalisation of tf_slim is looked up or imported."""
    nodes = list(ast.walk(tree))
    imports = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names = {alias.asname or _SLIM for alias in imports if alias.name == _SLIM}
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in names and name == _BROKEN_IN_SLIM:
                yield f"{module}.{name}", node
            case ast.ImportFrom(module="tf_slim", names=aliases):
                yield from ((_BROKEN_IN_SLIM, node) for alias in aliases if alias.name == _BROKEN_IN_SLIM)


def _span(node: ast.expr | ast.stmt, lines: Lines) -> Span:
    start = lines.offset(node.lineno, node.col_offset)
    return lines.span(start, lines.offset(node.end_lineno or 0, node.end_col_offset or 0))
