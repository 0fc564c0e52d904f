"""What candidates add to the graph's collections, replaced by something alive.

Whoever fetches a collection (`add_n` of the regularisation losses, `merge_all` of the summaries, a group of the update
operations) would get nothing if one element were dead. So the elements of all candidates make place for a few that
stand for those of the chosen one: a loss, or zero; a summary, or an empty string; an operation that runs its updates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import tensorflow as tf

from nascompile_runtime.graph.conditional.fork import Fork
from nascompile_runtime.graph.conditional.switching import Operation, Tensor, merge

_Kind: TypeAlias = tuple[tf.DType, tuple[int, ...]]
"""Elements of the same dtype and shape can stand for each other."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One element for a collection: what each candidate puts there, or None, and the merged value of these."""

    collection: str
    tensors: list[Tensor | None]
    merged: Tensor


class SideEffects:
    """Collects what the candidates of a fork add to collections."""

    def __init__(self, fork: Fork) -> None:
        self._fork = fork
        self._graph = tf.compat.v1.get_default_graph()
        self._updates: dict[str, dict[int, list[Operation]]] = {}
        self._tensors: dict[tuple[str, _Kind], dict[int, list[Tensor]]] = {}

    @contextmanager
    def of(self, position: int) -> Iterator[None]:
        """Take out of the collections what the candidate at `position` adds to them in this context."""
        before = {name: len(self._graph.get_collection_ref(name)) for name in self._graph.collections}
        yield
        self.take_all(position, before)

    def take_all(self, position: int, before: Mapping[str, int] | None = None) -> None:
        """Take out of the collections what the candidate at `position` has added to them, after so many elements."""
        for name in self._graph.collections:
            elements = self._graph.get_collection_ref(name)
            kept = (before or {}).get(name, 0)
            elements[kept:] = [each for each in elements[kept:] if not self._take(name, position, each)]

    def merged(self) -> list[Effect]:
        """The tensors that were taken, as few as can stand for them."""
        effects = []
        for (name, kind), taken in self._tensors.items():
            for number in range(max(map(len, taken.values()))):
                given = {position: each[number] for position, each in taken.items() if number < len(each)}
                parts = [*given.values(), self._blank(kind, given)]
                tensors = [given.get(position) for position in range(len(self._fork.branches))]
                effects.append(Effect(name, tensors, merge(parts)))
        return effects

    def publish(self, effects: Sequence[Effect], values: Sequence[Tensor]) -> None:
        """Put back what stands for all that was taken: `values`, the merged tensors, and an operation a collection."""
        for effect, value in zip(effects, values, strict=True):
            self._graph.add_to_collection(effect.collection, value)
        for name, updates in self._updates.items():
            done = []
            for position, operations in updates.items():
                with self._fork.branches[position].building(), tf.control_dependencies(operations):
                    done.append(tf.constant(0))
            self._graph.add_to_collection(name, merge([*done, self._fork.blank(tf.int32, updates)]).op)

    def _take(self, name: str, position: int, element: Any) -> bool:
        """Whether the element is one that is dead with its candidate, and now replaced."""
        branch = self._fork.branches[position]
        operation = element if isinstance(element, tf.Operation) else getattr(element, "op", None)
        if not isinstance(operation, tf.Operation):
            return False
        # Only tensors have this, and what TensorFlow keeps in a collection instead of one.
        output = getattr(element, "value_index", None)
        if output is None or name == tf.compat.v1.GraphKeys.UPDATE_OPS:
            if not branch.runs(operation):
                return False
            self._updates.setdefault(name, {}).setdefault(position, []).append(operation)
            return True
        tensor = operation.outputs[output]
        if not branch.owns(tensor) or not _has_blank(tensor.dtype):
            return False
        # Unknown dimensions of a blank are empty: its sum is zero.
        kind = tensor.dtype.base_dtype, tuple(size or 0 for size in tensor.shape.as_list()) if tensor.shape.rank else ()
        self._tensors.setdefault((name, kind), {}).setdefault(position, []).append(tensor)
        return True

    def _blank(self, kind: _Kind, positions: Collection[int]) -> Tensor:
        dtype, shape = kind
        blank = self._fork.blank(dtype, positions)
        return tf.fill(shape, blank) if shape else blank


def _has_blank(dtype: tf.DType) -> bool:
    return dtype in (tf.string, tf.bool) or dtype.is_floating or dtype.is_complex or dtype.is_integer
