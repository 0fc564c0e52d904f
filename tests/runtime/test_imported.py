"""A graph whose layers were imported from a file says that nothing can be chosen or trained in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from supernet import layer

from nascompile_runtime.graph import enas

v1 = tf.compat.v1


@pytest.fixture
def imported(graph: Any, tmp_path: Path) -> Any:
    x = v1.placeholder(tf.float32, [None], name="x")
    h = layer({"cos": lambda inputs: tf.cos(inputs[0][0]), "sin": lambda inputs: tf.sin(inputs[0][0])}, x)
    tf.identity(h, name="y")
    path = str(tmp_path / "graph.meta")
    v1.train.export_meta_graph(path)
    with tf.Graph().as_default() as other:
        v1.train.import_meta_graph(path, import_scope="again")
        yield other


def test_no_architecture_is_taken_for_imported_layers(imported: Any) -> None:
    with v1.Session() as session, pytest.raises(ValueError, match=r"layers that were imported .*--mode fixed"):
        enas.get_next_parameter(session)


def test_imported_layers_have_no_gradient(imported: Any) -> None:
    y, x = imported.get_tensor_by_name("again/y:0"), imported.get_tensor_by_name("again/x:0")
    with pytest.raises(Exception, match="was imported, whose gradient is not in the file"):
        tf.gradients(y, x)


def test_a_graph_without_layers_is_none_of_these(graph: Any) -> None:
    v1.get_variable("w", [])
    with v1.Session() as session:
        enas.get_next_parameter(session)
