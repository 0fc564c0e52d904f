"""What is in use in this process, where every session finds it: a file that TensorFlow keeps in memory.

    shared = InUse(graph, tf.int32)
    numbers, nothing = shared.read(unless=loaded)    # one of them is alive: an int32 vector, or an empty one
    shared.put([3, 0])                               # from now on all sessions read [3, 0], also those to come

A variable belongs to a session, and sessions come and go unseen: that of a graph for evaluation, or the one that a
monitored session makes after a preemption. A graph that was exported finds nothing here where it is loaded.
"""

from __future__ import annotations

import threading
import uuid
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import tensorflow as tf

_FOLDER = "ram://nascompile"


class InUse:
    """A vector of numbers that all sessions of this process read, as long as its graph is there."""

    def __init__(self, graph: Any, dtype: tf.DType) -> None:
        self._dtype = dtype
        self._path = f"{_FOLDER}/{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        weakref.finalize(graph, _remove, self._path).atexit = False

    def put(self, numbers: Sequence[float]) -> None:
        """Set the vector, at once and for all sessions."""
        content = np.asarray(numbers, np.dtype(self._dtype.as_numpy_dtype).newbyteorder("<")).tobytes()
        with self._lock:
            # Renamed, so that a session that reads meanwhile has the old vector or the new one.
            with tf.io.gfile.GFile(f"{self._path}.new", "wb") as file:
                file.write(content)
            tf.io.gfile.rename(f"{self._path}.new", self._path, overwrite=True)

    def read(self, unless: Any) -> list[Any]:
        """Two tensors, both dead if `unless` (a scalar) is true; else the vector is alive, or an empty one."""
        # Behind a switch, so that nothing is looked up where it is not needed, nor while TensorFlow folds constants.
        path = tf.raw_ops.Switch(data=tf.constant(self._path), pred=unless).output_false
        is_there = tf.size(tf.raw_ops.MatchingFiles(pattern=path)) > 0
        content = tf.raw_ops.ReadFile(filename=tf.raw_ops.Switch(data=path, pred=is_there).output_true)
        numbers = tf.raw_ops.DecodeRaw(bytes=content, out_type=self._dtype, little_endian=True)
        empty = tf.constant([], self._dtype)
        return [numbers, tf.raw_ops.Switch(data=empty, pred=is_there).output_false]


def _remove(path: str) -> None:
    with suppress(tf.errors.NotFoundError):
        tf.io.gfile.remove(path)
