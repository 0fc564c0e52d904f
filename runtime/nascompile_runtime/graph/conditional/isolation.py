"""Path isolation: in a training step, what belongs to a candidate that was not chosen stays as it is, bit for bit.

A gradient of zero is not enough. An optimizer with momentum moves a weight for steps after its last gradient, and its
slots decay. So the operations that update a variable of a candidate are gated like the candidate itself: they are dead
where it was not chosen, and an operation that is alive either way stands for them.

The optimizers of `tf.compat.v1.train` update each variable by way of a processor, which we wrap. Variables that no
candidate uses, and graphs without mutable layers, get the plain one. Gradients that were kept in a variable since
earlier steps are those of the candidates that these chose. The shadows of an `ExponentialMovingAverage`, what a
`SyncReplicasOptimizer` collects from several workers, and the optimizers of Keras are not isolated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import tensorflow as tf
from tensorflow.python.training import optimizer as optimizers

from nascompile_runtime.graph.conditional.branch import Branch
from nascompile_runtime.graph.conditional.gradients import Gradient, values_of
from nascompile_runtime.graph.conditional.kept import additions_to, comes_from_candidates, update_if_kept
from nascompile_runtime.graph.conditional.switching import (
    GraphState,
    Operation,
    Tensor,
    find_state,
    helper_scope,
    is_inside,
    may_pass_gradients,
    merge,
)
from nascompile_runtime.graph.helpers import is_helper

# What writes to reference variables returns them.
_UPKEEP = ("Assign", "Apply", "SparseApply", "Scatter")


@cache
def install() -> None:
    """Isolate the paths of all optimizers from now on, in graphs with mutable layers."""
    plain_processor = optimizers._get_processor

    def processor(variable: Any) -> Any:
        plain = plain_processor(variable)
        operation = getattr(variable, "op", None)
        state = find_state(operation.graph) if isinstance(operation, tf.Operation) else None
        return plain if state is None or operation not in state.users else _Isolated(plain, operation, state)

    optimizers._get_processor = processor


@dataclass(frozen=True, slots=True)
class _Isolated:
    """A processor that updates the variable only in steps that chose one of the candidates it belongs to."""

    plain: Any
    variable: Operation
    state: GraphState

    def target(self) -> Any:
        """What gradients are taken for."""
        return self.plain.target()

    def update_op(self, optimizer: Any, gradient: Gradient) -> Operation:
        """The update of the variable, or what stands for it: alive in any case."""
        additions = additions_to(gradient, self.variable, self.state)
        if additions and self._belongs_to_candidates():
            chosen = self._gate(_distinct(self.state.users[self.variable])).is_chosen
            update = partial(self.plain.update_op, optimizer, gradient)
            return update_if_kept(self.variable, additions, chosen, gradient, update)
        parts = _parts_of(gradient, self.state)
        branches = _distinct(branch for branch, _ in parts) or self._branches(gradient)
        if not branches:
            return self.plain.update_op(optimizer, gradient)
        gate = self._gate(branches)
        if is_inside(self.variable.graph):
            # Inside of a conditional there can be no dead tensors, and a conditional is enough.
            return tf.cond(gate.is_chosen, lambda: tf.group(self.plain.update_op(optimizer, gradient)), tf.no_op)
        if len(parts) == 1:
            # Straight from the candidate, and dead where it was not chosen. What would make it alive need not run.
            ((_, gradient),) = parts
        with gate.branch.building():
            update = self.plain.update_op(optimizer, gradient)
            with helper_scope(), tf.control_dependencies([update]):
                done = tf.constant(0)
        with helper_scope():
            return merge([gate.skipped, done]).op

    def _gate(self, branches: tuple[Branch, ...]) -> _Gate:
        if branches not in self.state.gates:
            with self.variable.graph.as_default(), helper_scope(), tf.control_dependencies(None):
                self.state.gates[branches] = _Gate.of(branches)
        gate: _Gate = self.state.gates[branches]
        return gate

    def _branches(self, gradient: Gradient) -> tuple[Branch, ...]:
        """The candidates whose choice decides on an update with this gradient; none if it always takes place."""
        if self._belongs_to_candidates() and comes_from_candidates(gradient, self.state):
            return _distinct(self.state.users[self.variable])
        return ()

    def _belongs_to_candidates(self) -> bool:
        return self.variable in self.state.variables or not _is_used_outside(self.variable, self.state)


@dataclass(frozen=True, slots=True)
class _Gate:
    """What updates of variables have to pass."""

    branch: Branch
    """Alive when one of the candidates is chosen."""
    is_chosen: Tensor
    """Whether one is; alive in any case."""
    skipped: Tensor
    """Alive when none is."""

    @classmethod
    def of(cls, branches: tuple[Branch, ...]) -> _Gate:
        """The gate of the candidates, at least one."""
        chosen = branches[0].is_chosen()
        for branch in branches[1:]:
            chosen = tf.logical_or(chosen, branch.is_chosen())
        skipped, taken = tf.raw_ops.Switch(data=tf.constant(0), pred=chosen)
        branch = branches[0] if len(branches) == 1 else Branch(tf.identity(taken, name="pivot"), chosen)
        return cls(branch, chosen, skipped)


def _parts_of(gradient: Gradient, state: GraphState) -> list[tuple[Branch, Gradient]]:
    """The candidates' gradients that a gradient is made of; none if it is made of anything else too."""
    operation = values_of(gradient).op
    if operation in state.parts:
        # A candidate's gradient may in turn come from a layer inside of the candidate.
        return [part for pair in state.parts[operation] for part in _parts_of(pair[1], state) or [pair]]
    if operation.type == "Identity" or (operation.type == "AddN" and not isinstance(gradient, tf.IndexedSlices)):
        parts = [_parts_of(source, state) for source in operation.inputs]
        return [part for each in parts for part in each] if all(parts) else []
    return []


def _is_used_outside(variable: Operation, state: GraphState) -> bool:
    """Whether the variable takes part in something else than candidates, apart from its upkeep."""
    waiting = list(variable.outputs)
    while waiting:
        for user in waiting.pop().consumers():
            if user in state.gated or user in state.adopted or user in state.gradients or is_helper(user):
                continue
            passing = [tensor for tensor in user.outputs if may_pass_gradients(tensor)]
            if user.type in ("ReadVariableOp", "Identity"):
                waiting += passing
            elif passing and not user.type.startswith(_UPKEEP):
                return True
    return False


def _distinct(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    return tuple(dict.fromkeys(branches))
