"""The names of layers of tf_keras that have none: the same in a supernet as in the sub-graph of an architecture.

    names = KerasNames(layer.space)
    for candidate in layer.candidates:
        with names.of_candidate():
            outputs.append(candidate.build(inputs))         # `dense` in each candidate, and not `dense_1` in the next
    names.settle()                                          # what follows is named as behind any of the candidates

tf_keras counts the layers of each kind in a graph, whatever their scopes, so that a checkpoint of the supernet would
not fit a sub-graph. Behind a layer whose candidates make different numbers of a kind, the next name of it depends on
the choice; that is said when one is made.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from nascompile_runtime.layer import LayerSpace


class KerasNames:
    """The counts of a graph, set back for each candidate of a layer."""

    def __init__(self, space: LayerSpace) -> None:
        self._space = space
        self._before = dict(_counts())
        self._after: list[dict[Any, int]] = []

    @contextmanager
    def of_candidate(self) -> Iterator[None]:
        """In this context layers are counted from where they were before the mutable layer."""
        _set(self._before)
        yield
        self._after.append(dict(_counts()))

    def settle(self) -> None:
        """Count on from the candidate that makes the most."""
        kinds = dict.fromkeys(kind for after in self._after for kind in after)
        numbers = {kind: [after.get(kind, 0) for after in self._after] for kind in kinds}
        _set({kind: max(counted) for kind, counted in numbers.items()})
        differing = {kind for kind, counted in numbers.items() if len(set(counted)) > 1}
        if differing:
            _watch(dict.fromkeys(differing, self._space))


class _WatchedCounts(defaultdict[Any, int]):
    """Counts that tell once of each kind whose next name depends on a choice, when it is given."""

    def __init__(self, counts: dict[Any, int], uncertain: dict[Any, LayerSpace]) -> None:
        super().__init__(int, counts)
        self.uncertain = uncertain

    def __setitem__(self, kind: Any, count: int) -> None:
        super().__setitem__(kind, count)
        space = self.uncertain.pop(kind, None)
        if space is not None:
            name = kind if isinstance(kind, str) else kind[-1]
            warnings.warn(
                f"a Keras layer gets the name {name}_{count - 1}, which depends on "
                f"the choice in {space}, so that a checkpoint of this net may not fit a sub-graph; give it a name, as "
                "in Dense(10, name='logits')",
                stacklevel=2,
            )


def _watch(uncertain: dict[Any, LayerSpace]) -> None:
    counts = _counts()
    if isinstance(counts, _WatchedCounts):
        uncertain = {**counts.uncertain, **uncertain}
    _backend().PER_GRAPH_OBJECT_NAME_UIDS[tf.compat.v1.get_default_graph()] = _WatchedCounts(counts, uncertain)


def _backend() -> Any:
    return sys.modules.get("tf_keras.src.backend")


def _counts() -> dict[Any, int]:
    """The counts of the graph; empty where no layer of tf_keras was made."""
    backend = _backend()
    nothing: dict[Any, int] = {}
    if backend is None:
        return nothing
    counts: dict[Any, int] = backend.PER_GRAPH_OBJECT_NAME_UIDS.get(tf.compat.v1.get_default_graph(), nothing)
    return counts


def _set(counts: dict[Any, int]) -> None:
    current = _counts()
    current.clear()
    current.update(counts)
