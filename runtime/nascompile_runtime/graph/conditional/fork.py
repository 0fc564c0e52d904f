"""A fork: an index, and a branch for each of its values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.branch import Branch
from nascompile_runtime.graph.conditional.presence import Alternatives
from nascompile_runtime.graph.conditional.switching import Tensor, anchor, helper_scope, switch_n


class Fork:
    """The branches of an index, an int32 scalar tensor from 0 to `ways - 1`, or `ways` for none of them.

    Its methods take positions of branches, those that have something to give (a gradient, a loss): where one of the
    others is chosen, or none, something blank has to stand for it.
    """

    def __init__(self, index: Tensor, ways: int) -> None:
        self._index = index
        self._constants: dict[Any, Tensor] = {}
        self._blanks: dict[tuple[Any, frozenset[int]], Tensor] = {}
        with helper_scope():
            self._is_at = tf.unstack(tf.equal(index, tf.range(ways)))
            pivots = [tf.identity(each, name="pivot") for each in switch_n(index, index, ways + 1)[:-1]]
        self.branches = [Branch(*each) for each in zip(pivots, self._is_at, strict=True)]
        self._around = self.branches[0].around
        for position, branch in enumerate(self.branches):
            branch.route = self.alternatives({}).route([position])

    def alternatives(self, gradients: Mapping[int, Any]) -> Alternatives:
        """What a gradient was merged from: those of branches, by position."""
        return Alternatives(self._index, len(self.branches), self._around, gradients)

    def switch(self, tensor: Tensor) -> list[Tensor]:
        """The tensor as each branch gets it: alive in the chosen one only, and made by the branch's own operation."""
        with helper_scope():
            *ways, _ = switch_n(tensor, self._index, len(self.branches) + 1)
            return [branch.admit(anchor(way)) for branch, way in zip(self.branches, ways, strict=True)]

    def blank(self, dtype: tf.DType, positions: Iterable[int]) -> Tensor:
        """A scalar zero (an empty string, False), dead when one of the branches is chosen."""
        key = dtype, frozenset(positions)
        if key not in self._blanks:
            zero = self.constant("" if dtype == tf.string else dtype.as_numpy_dtype(), dtype)
            # It is kept for later uses, which do not depend on what the first one depends on.
            with helper_scope(), tf.control_dependencies(None):
                self._blanks[key] = self.otherwise(zero, key[1])
        return self._blanks[key]

    def constant(self, value: Any, dtype: tf.DType) -> Tensor:
        """A scalar or a list of numbers as a tensor, made once: each node of every candidate has its price."""
        key = dtype, tuple(value) if isinstance(value, list) else value
        if key not in self._constants:
            with helper_scope(), tf.control_dependencies(None):
                self._constants[key] = tf.constant(value, dtype)
        return self._constants[key]

    def otherwise(self, tensor: Tensor, positions: Collection[int]) -> Tensor:
        """The tensor, dead when one of the branches is chosen."""
        if len(positions) == len(self.branches):
            return switch_n(tensor, self._index, len(self.branches) + 1)[-1]
        is_any, *more = (self._is_at[position] for position in sorted(positions))
        if more:
            is_any = tf.reduce_any([is_any, *more])
        return tf.raw_ops.Switch(data=tensor, pred=is_any).output_false
