"""The optional inputs of a ranged layer, for candidates that were written for a list and for those written for a stack.

    inputs[1] = Stack([a, b])
    not inputs[1], inputs[1][0], tf.concat(inputs[1], axis=3), inputs[1].append(c)     # a list
    tf.reduce_sum(inputs[1], axis=0), inputs[1].shape, inputs[1] / 2, inputs[1][:, 0]  # a tensor [2, ...]

Classic passes a list, and so did NNI in its modes of sums; its enas passed one tensor. Here both can be had: oneshot
and darts pass all inputs in a `Stack`, and enas the chosen ones in a `Chosen`, which is a stack of another kind.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import tensorflow as tf


class Stack(list[Any]):
    """A list that TensorFlow takes for one tensor `[k, ...]`, as it does any list, and that acts as one where asked."""

    def stacked(self) -> Any:
        """The tensor; made anew each time, as candidates may change their list."""
        return tf.nest.map_structure(lambda *each: tf.stack(each), *self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.stacked(), name)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Stack(super().__getitem__(index))
        return super().__getitem__(index) if isinstance(index, int) else self.stacked()[index]

    def __neg__(self) -> Any:
        return -self.stacked()

    def __add__(self, other: Any) -> Any:
        return [*self, *other] if isinstance(other, list) else self.stacked() + other

    def __radd__(self, other: Any) -> Any:
        return [*other, *self] if isinstance(other, list) else other + self.stacked()


def _calculating(function: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return (
        lambda stack, other: function(stack.stacked(), other),
        lambda stack, other: function(other, stack.stacked()),
    )


# All but the sum, which joins lists.
for _name in ("sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    _there, _back = _calculating(getattr(operator, _name))
    setattr(Stack, f"__{_name}__", _there)
    setattr(Stack, f"__r{_name}__", _back)
for _name in ("lt", "le", "gt", "ge"):
    setattr(Stack, f"__{_name}__", _calculating(getattr(operator, _name))[0])
