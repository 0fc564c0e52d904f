"""Operations of ours, as switches and merges: what users set for the operations of their graph does not act on them.

    with graph.gradient_override_map({"Identity": "Clipped"}):      # the user's
        with as_helpers("nascompile/"):
            y = tf.identity(x)                                      # has the gradient of an identity

Among the user's settings are gradients by type of operation, attributes (`tf.xla.experimental.jit_scope` sets some) and
kernels. Devices, colocation and control dependencies stay: what we build has to run where and when the rest does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

_MARK = "_nascompile"
"""The attribute that tells operations of ours. A name would not: the user may have chosen the same."""
_SETTINGS = ("_gradient_override_map", "_gradient_function_map", "_op_to_kernel_label_map")


@contextmanager
def as_helpers(name_scope: str) -> Iterator[None]:
    """What is built in this context is ours, and named in this scope."""
    with tf.compat.v1.name_scope(name_scope), untouched({_MARK: tf.compat.v1.AttrValue(b=True)}):
        yield


@contextmanager
def untouched(attributes: dict[str, Any] | None = None) -> Iterator[None]:
    """What is built in this context has the attributes given, and no others or gradients by a setting of the user."""
    graph: Any = tf.compat.v1.get_default_graph()
    settings: dict[str, dict[str, Any]] = {name: {} for name in _SETTINGS}
    settings["_attr_scope_map"] = attributes or {}
    users = {name: getattr(graph, name) for name in settings}
    _set(graph, settings)
    try:
        yield
    finally:
        _set(graph, users)


def is_helper(operation: Any) -> bool:
    """Whether the operation is one of ours."""
    try:
        return bool(operation.get_attr(_MARK))
    except ValueError:
        return False


def _set(graph: Any, settings: dict[str, dict[str, Any]]) -> None:
    for name, value in settings.items():
        setattr(graph, name, value)
