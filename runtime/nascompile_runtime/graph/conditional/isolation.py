"""Path isolation: in a training step, what the sub-graph has no gradient for stays as it is, bit for bit.

A gradient of zero is not enough. An optimizer with momentum moves a weight for steps after its last gradient, and its
slots decay. So the operations that update a variable are gated by the presence of its gradient (`reach`): they are dead
where by hand it would be None, and an operation that is alive either way stands for them.

The optimizers of `tf.compat.v1.train` update each variable by way of a processor, which we wrap. Graphs without mutable
layers get the plain one, and so do gradients that exist in every architecture. Those that were kept in a variable since
earlier steps exist if they did in one of these (`kept`). The shadows of an `ExponentialMovingAverage`, what a
`SyncReplicasOptimizer` collects from several workers, and the optimizers of Keras are not isolated.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import tensorflow as tf
from tensorflow.python.training import optimizer as optimizers

from nascompile_runtime.graph.conditional import assignments, differentiation
from nascompile_runtime.graph.conditional.branch import Branch
from nascompile_runtime.graph.conditional.gradients import Gradient, values_of
from nascompile_runtime.graph.conditional.kept import additions_to, update_if_kept
from nascompile_runtime.graph.conditional.mixtures import mixture_of
from nascompile_runtime.graph.conditional.origins import origin_of
from nascompile_runtime.graph.conditional.presence import ALWAYS, Presence
from nascompile_runtime.graph.conditional.reach import Reach
from nascompile_runtime.graph.conditional.switching import (
    Graph,
    GraphState,
    Operation,
    Tensor,
    find_state,
    helper_scope,
    is_inside,
    merge,
)

_warned: set[str] = set()
"""The optimizers that were warned of."""


def isolate(graph: Graph) -> None:
    """Isolate the paths of all optimizers from now on, in a graph with mutable layers."""
    _install()
    assignments.watch(graph)


@cache
def _install() -> None:
    differentiation.install()
    plain_processor = optimizers._get_processor

    def processor(variable: Any) -> Any:
        plain = plain_processor(variable)
        operation = getattr(variable, "op", None)
        if not isinstance(operation, tf.Operation) or find_state(operation.graph) is None:
            return plain
        return _Isolated(plain, operation, Reach.of(operation.graph))

    optimizers._get_processor = processor


@dataclass(frozen=True, slots=True)
class _Isolated:
    """A processor that updates the variable only in steps where its gradient exists."""

    plain: Any
    variable: Operation
    reach: Reach

    def target(self) -> Any:
        """What gradients are taken for."""
        return self.plain.target()

    def update_op(self, optimizer: Any, gradient: Gradient) -> Operation:
        """The update of the variable, or what stands for it: alive in any case."""
        origin = origin_of(values_of(gradient), self.variable, self.reach)
        additions = additions_to(origin, self.reach)
        update = partial(self.plain.update_op, optimizer)
        if additions:
            if any(addition.presence is ALWAYS for addition in additions):
                return update(gradient)
            return update_if_kept(
                self.variable, additions, origin.presence, gradient, partial(update, gradient), self.reach
            )
        presence = origin.presence
        if presence is None and self._is_at_times_without_gradient():
            _warn_of(optimizer.get_name(), self.variable.name)
        mixture = None if presence is None else mixture_of(gradient, self.reach)
        if presence is None or (presence is ALWAYS and mixture is None):
            return update(gradient)
        if mixture is None:
            return self._gated(self._gate(presence, gradient), gradient, update)
        dense = self._gated(self._gate(mixture.dense, gradient), gradient, update)
        is_sparse = self.reach.presences.apart(presence, mixture.dense)
        return tf.group(dense, self._gated(self._gate_where(is_sparse), mixture.sparse, update))

    def _is_at_times_without_gradient(self) -> bool:
        presences = self.reach.targets.get(self.variable)
        if presences is None:
            return self.variable in self.reach.state.variables
        return any(presence is not ALWAYS for presence in presences)

    def _gated(self, gate: _Gate, gradient: Gradient, update: Callable[[Gradient], Operation]) -> Operation:
        if is_inside(self.variable.graph):
            # Inside of a conditional there can be no dead tensors, and a conditional is enough.
            return tf.cond(gate.is_open, lambda: tf.group(update(gradient)), tf.no_op)
        own = _own_part(gradient, gate.branch, self.reach.state)
        with gate.branch.building():
            updated = update(own)
            with helper_scope(), tf.control_dependencies([updated]):
                done = tf.constant(0)
        with helper_scope():
            return merge([gate.skipped, done]).op

    def _gate(self, presence: Presence, gradient: Gradient) -> _Gate:
        """The gate of a presence, which may be that of the one candidate that the gradient comes from."""
        presences = self.reach.presences
        branch, _ = _only_part(gradient, self.reach.state)
        if branch is None or branch.route is None or presences.where([branch.route]) is not presence:
            return self._gate_where(presences.predicate(presence))
        presences.tell(branch.route, branch.is_chosen)
        return self._gate_where(presences.predicate(presence), branch)

    def _gate_where(self, is_open: Tensor, branch: Branch | None = None) -> _Gate:
        gates = self.reach.state.gates
        key = is_open.op, is_open.value_index
        if key not in gates:
            with self.variable.graph.as_default(), helper_scope(), tf.control_dependencies(None):
                gates[key] = _Gate.of(is_open, branch)
        gate: _Gate = gates[key]
        return gate


@dataclass(frozen=True, slots=True)
class _Gate:
    """What updates of variables have to pass."""

    is_open: Tensor
    """Whether the gradient exists; alive in any case."""
    branch: Branch
    """Alive when it does."""
    skipped: Tensor
    """Alive when not."""

    @classmethod
    def of(cls, is_open: Tensor, branch: Branch | None) -> _Gate:
        """The gate; `branch` is that of a candidate, if it opens just where that one is chosen."""
        skipped, taken = tf.raw_ops.Switch(data=tf.constant(0), pred=is_open)
        return cls(is_open, branch or Branch(tf.identity(taken, name="pivot"), is_open), skipped)


def _warn_of(optimizer: str, variable: str) -> None:
    """Say once of an optimizer that what it is given does not show where a gradient exists."""
    if optimizer in _warned:
        return
    _warned.add(optimizer)
    warnings.warn(
        f"the optimizer {optimizer!r} updates {variable!r} by values that come from no gradient of this graph (from a "
        "placeholder?), so it may also move weights that the architecture does not use, by its memory of earlier "
        "steps; keep gradients in variables instead, or pass it only the variables that are to move",
        stacklevel=2,
    )


def _own_part(gradient: Gradient, gate: Branch, state: GraphState) -> Gradient:
    """The gradient of the only candidate that has one, as what a gate lets through may use it.

    It is dead where that was not chosen, and the gate is closed there. What would make it alive need not run. A gate
    that is closed in more architectures has to hold back what is alive there.
    """
    branch, own = _only_part(gradient, state)
    if branch is None or branch is not gate:
        return gradient
    if isinstance(own, tf.IndexedSlices):
        return tf.IndexedSlices(gate.admit(own.values), gate.admit(own.indices), own.dense_shape)
    return gate.admit(own)


def _only_part(gradient: Gradient, state: GraphState) -> tuple[Branch | None, Gradient]:
    """The candidate that the gradient comes from, and its gradient there; if there are several, none and itself."""
    branch = None
    operation = values_of(gradient).op
    while len(state.parts.get(operation, ())) == 1 or operation.type == "Identity":
        if operation in state.parts:
            # A candidate's gradient may in turn come from a layer inside of the candidate.
            ((branch, gradient),) = state.parts[operation]
            operation = values_of(gradient).op
        else:
            operation = operation.inputs[0].op
    return branch, gradient
