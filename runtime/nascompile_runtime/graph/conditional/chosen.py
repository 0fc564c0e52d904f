"""The chosen optional inputs of a range, for candidates that were written for a list and for those that want a tensor.

    inputs[1] = Chosen(stack, places, 0, where)     # of [0, 2]: `stack` is [number of chosen, ...], with two places
    tf.reduce_sum(inputs[1], axis=0), inputs[1].shape, tf.stack(inputs[1] + [x])       # as a tensor: the chosen ones
    inputs[1].append(x), tf.add_n(inputs[1]), inputs[1][0], [conv(x) for x in inputs[1]]     # as a list: the places

How many are chosen is known in a step, and not while the graph is built. So the list has as many places as may be
chosen: at the first ones stand the chosen inputs, in declared order, and at the others zeros, which add nothing to a
sum. (`absence` refuses what makes something of them.) What no list of this kind can give, such as a number for `len`,
is an error that says what to write.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.asking import find_other_way
from nascompile_runtime.graph.conditional.presence import Alternatives, Route
from nascompile_runtime.graph.conditional.switching import Tensor, helper_scope
from nascompile_runtime.graph.stack import Stack
from nascompile_runtime.layer import LayerError

_LIBRARIES = {"tensorflow", "tf_keras", "keras", "numpy"}


class ChosenError(LayerError, TypeError):
    """A use of the list that cannot mean here what it does in a sub-graph."""


class Chosen(Stack):
    """A list of places, which TensorFlow takes for the tensor of what is chosen, and so does whoever asks for one."""

    def __init__(
        self, stack: Tensor, places: Iterable[Tensor], low: int, where: str, count: Alternatives | None = None
    ) -> None:
        """At least `low` of the places are taken, `count` tells how many; messages begin with `where`."""
        super().__init__(places)
        self._stack = stack
        self._low = low
        self._high = super().__len__()
        self._where = where
        self._count = count
        self._before: list[Any] = []
        self._after: list[Any] = []
        self.was_tested = False
        """Whether somebody has asked if anything is there, where that is not known."""
        self.other_ways: list[str] = []
        """Where the code that has asked may do something else if not."""

    def has_more_than(self, number: int) -> Route | None:
        """That more than a number of inputs are chosen; None where that is no question."""
        count = self._count
        return None if count is None or number < self._low else count.route(range(number + 1, count.count))

    def stacked(self) -> Tensor:
        """The chosen inputs, between what was added to the list."""
        parts = [tf.stack(self._before)] if self._before else []
        parts.append(self._stack)
        if self._after:
            parts.append(tf.stack(self._after))
        return self._stack if len(parts) == 1 else tf.concat(parts, axis=0)

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Tensor:
        return tf.convert_to_tensor(self.stacked(), dtype=dtype, name=name)

    def __len__(self) -> int:
        if self._is_known or _is_asked_by_library():
            return super().__len__()
        raise self._error("has no number for `len(inputs[1])`", "use the tensor `tf.shape(inputs[1])[0]`")

    def __bool__(self) -> bool:
        is_added = self._before or self._after
        if not (self._low or self._is_known or is_added or _is_asked_by_library()):
            self.was_tested = True
            place = find_other_way(sys._getframe(1))
            if place is not None:
                self.other_ways.append(place)
        return super().__len__() > 0

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._sliced(index)
        if isinstance(index, int) and -index > len(self._after):
            raise self._error(f"does not know which is `inputs[1][{index}]`", "count from the start")
        return super().__getitem__(index)

    def __add__(self, other: Any) -> Any:
        return self._with(after=other) if isinstance(other, list) else self.stacked() + other

    def __radd__(self, other: Any) -> Any:
        return self._with(before=other) if isinstance(other, list) else other + self.stacked()

    def __iadd__(self, other: Any) -> Any:
        if not isinstance(other, (list, tuple)):
            return self.stacked() + other
        self.extend(other)
        return self

    def append(self, value: Any) -> None:
        """Add what is always there behind the chosen inputs."""
        self.extend([value])

    def extend(self, values: Iterable[Any]) -> None:
        """Add what is always there behind the chosen inputs."""
        added = list(values)
        self._after += added
        super().extend(added)

    def insert(self, index: Any, value: Any) -> None:
        """Add what is always there before the chosen inputs."""
        if not 0 <= index <= len(self._before):
            raise self._error(f"cannot `insert({index}, …)`", "`insert(0, …)` or `append(…)`")
        self._before.insert(index, value)
        super().insert(index, value)

    def copy(self) -> Chosen:
        """Another list of the same."""
        return self._with()

    def uncertain_places(self) -> Iterator[tuple[int, Tensor]]:
        """The places that may be left empty, by their numbers."""
        places = list(self)[len(self._before) :][: self._high]
        yield from list(enumerate(places))[self._low :]

    @property
    def _is_known(self) -> bool:
        """Whether the number of chosen inputs is."""
        return self._low == self._high

    def _with(self, before: Sequence[Any] = (), after: Sequence[Any] = ()) -> Chosen:
        places = list(self)[len(self._before) :][: self._high]
        extended = Chosen(self._stack, places, self._low, self._where, self._count)
        extended.extend([*self._after, *after])
        for value in reversed([*before, *self._before]):
            extended.insert(0, value)
        return extended

    def _sliced(self, index: slice) -> Chosen:
        is_forward = all(bound is None or bound >= 0 for bound in (index.start, index.stop, index.step))
        if not is_forward or self._before or self._after:
            raise self._error("cannot cut this slice", "cut from the start, before anything is added")
        with helper_scope():
            stack = self._stack[index]
        return Chosen(stack, list(self)[index], len(range(self._low)[index]), self._where)

    def _error(self, problem: str, instead: str) -> ChosenError:
        return ChosenError(
            f"{self._where}: how many optional inputs of a range are chosen changes from step to step in enas, so the "
            f"list {problem}; {instead}, or give the layer a whole number as optional_input_size"
        )


def _is_asked_by_library() -> bool:
    """Whether a library asks: TensorFlow's own functions look at the lengths of lists, and do not count with them."""
    caller = sys._getframe(2)
    return str(caller.f_globals.get("__name__", "")).partition(".")[0] in _LIBRARIES


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(self: Chosen, *_: Any, **__: Any) -> Any:
        raise self._error(f"has no `{name}`", "make a list of your own, `[x for x in inputs[1]]`")

    return refuse


for _name in ("__delitem__", "__setitem__", "clear", "pop", "remove", "reverse", "sort"):
    setattr(Chosen, _name, _refusing(_name))
