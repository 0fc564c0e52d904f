"""Path isolation: in a training step, what belongs to a candidate that was not chosen stays as it is, bit for bit.

A gradient of zero is not enough. An optimizer with momentum moves a weight for steps after its last gradient, and its
slots decay. So the operations that update a variable of a candidate are gated like the candidate itself: they are dead
where it was not chosen, and an operation that is alive either way stands for them.

The optimizers of `tf.compat.v1.train` update each variable by way of a processor, which we wrap. Variables that no
candidate uses, and graphs without mutable layers, get the plain one. So do gradients that were kept in a variable since
earlier steps: which candidates those steps chose is not known any more. The shadows of an `ExponentialMovingAverage`
and the optimizers of Keras are not isolated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import tensorflow as tf
from tensorflow.python.training import optimizer as optimizers

from nascompile_runtime.graph.branch import Branch
from nascompile_runtime.graph.gradients import Gradient, values_of
from nascompile_runtime.graph.switching import (
    GraphState,
    Operation,
    Tensor,
    find_state,
    helper_scope,
    is_helper,
    may_pass_gradients,
    merge,
    state_of,
)

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
        parts = _parts_of(gradient)
        branches = _distinct(branch for branch, _ in parts) or self._branches(gradient)
        if not branches:
            return self.plain.update_op(optimizer, gradient)
        if len(parts) == 1:
            # Straight from the candidate, and dead where it was not chosen. What would make it alive need not run.
            ((_, gradient),) = parts
        gate, skipped = self.state.gates.get(branches) or self.state.gates.setdefault(branches, _gate(branches))
        with gate.building():
            update = self.plain.update_op(optimizer, gradient)
            with helper_scope(), tf.control_dependencies([update]):
                done = tf.constant(0)
        with helper_scope():
            return merge([skipped, done]).op

    def _branches(self, gradient: Gradient) -> tuple[Branch, ...]:
        """The candidates whose choice decides on an update with this gradient; none if it always takes place."""
        belongs_to_candidates = self.variable in self.state.variables or not _is_used_outside(self.variable, self.state)
        if belongs_to_candidates and _comes_from_candidates(gradient, self.state):
            return _distinct(self.state.users[self.variable])
        return ()


def _gate(branches: tuple[Branch, ...]) -> tuple[Branch, Tensor]:
    """A branch that is alive when one of them is, and a tensor that is alive when none is."""
    with helper_scope(), tf.control_dependencies(None):
        chosen = branches[0].is_chosen()
        for branch in branches[1:]:
            chosen = tf.logical_or(chosen, branch.is_chosen())
        skipped, taken = tf.raw_ops.Switch(data=tf.constant(0), pred=chosen)
        gate = branches[0] if len(branches) == 1 else Branch(tf.identity(taken, name="pivot"), chosen)
        return gate, skipped


def _parts_of(gradient: Gradient) -> list[tuple[Branch, Gradient]]:
    """The candidates' gradients that a gradient is made of; none if it is made of anything else too."""
    operation = values_of(gradient).op
    state = state_of(operation.graph)
    if operation in state.parts:
        # A candidate's gradient may in turn come from a layer inside of the candidate.
        return [part for pair in state.parts[operation] for part in _parts_of(pair[1]) or [pair]]
    if operation.type == "Identity" or (operation.type == "AddN" and not isinstance(gradient, tf.IndexedSlices)):
        parts = [_parts_of(source) for source in operation.inputs]
        return [part for each in parts for part in each] if all(parts) else []
    return []


def _comes_from_candidates(gradient: Gradient, state: GraphState) -> bool:
    """Whether candidates' gradients of this step take part in it. (One that was accumulated before is a variable.)"""
    seen: set[Operation] = set()
    waiting = [values_of(gradient).op]
    while waiting:
        operation = waiting.pop()
        if operation in state.parts:
            return True
        if operation not in seen:
            seen.add(operation)
            waiting += [tensor.op for tensor in operation.inputs]
    return False


def _is_used_outside(variable: Operation, state: GraphState) -> bool:
    """Whether the variable takes part in something else than candidates, apart from its upkeep."""
    waiting = list(variable.outputs)
    while waiting:
        for user in waiting.pop().consumers():
            passing = [tensor for tensor in user.outputs if may_pass_gradients(tensor)]
            if user in state.gated or user in state.gradients or is_helper(user) or not passing:
                continue
            if user.type in ("ReadVariableOp", "Identity"):
                waiting += passing
            elif not user.type.startswith(_UPKEEP):
                return True
    return False


def _distinct(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    return tuple(dict.fromkeys(branches))
