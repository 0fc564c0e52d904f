"""Optimizers that write `apply_gradients` themselves: what they assign is held back where the gradient does not exist.

    m = momentum.assign(0.9 * momentum + gradient)      # the value assigned is the old one where
    w.assign_sub(0.1 * m)                               # by hand the gradient would be None

An assignment that takes no part in a step cannot be dead, as nobody knows what depends on it. So it always runs, and
assigns what changes nothing. What is computed from gradients alone (a copy, a sum that they are added to as they are)
is left to itself, and so is what is computed from none.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.kept import additions_to, was_added
from nascompile_runtime.graph.conditional.origins import VARIABLES, Origin, origin_of
from nascompile_runtime.graph.conditional.presence import ALWAYS
from nascompile_runtime.graph.conditional.reach import Reach, giver_of
from nascompile_runtime.graph.conditional.switching import Graph, Operation, Tensor, helper_scope, state_of

_ASSIGNING = ("AssignVariableOp", "Assign")
_ADDING = ("AssignAddVariableOp", "AssignSubVariableOp", "AssignAdd", "AssignSub")
_ATTRIBUTE = "_nascompile_held_back"


def watch(graph: Graph) -> None:
    """From now on, hold back what is assigned in the graph outside of candidates and of our own gates."""
    if hasattr(graph, _ATTRIBUTE):
        return
    setattr(graph, _ATTRIBUTE, True)
    finish_plainly = graph._create_op_helper

    def finish(operation: Operation, *args: Any, **kwargs: Any) -> None:
        finish_plainly(operation, *args, **kwargs)
        if operation.type in (*_ASSIGNING, *_ADDING):
            _hold_back(operation)

    graph._create_op_helper = finish


def _hold_back(operation: Operation) -> None:
    target, value = operation.inputs[0].op, operation.inputs[1]
    reach = Reach.of(operation.graph)
    if target.type not in VARIABLES or not reach.results or state_of(operation.graph).building:
        return
    if operation._get_control_flow_context() is not None:
        return
    origin = origin_of(value, target, reach)
    with helper_scope():
        counts = _counts(operation, target, origin, reach)
        if counts is not None:
            operation._update_input(1, tf.where(counts, value, _unchanged(operation)))


def _counts(operation: Operation, target: Operation, origin: Origin, reach: Reach) -> Tensor | None:
    """Whether the assignment is to take place; None if it always does."""
    value = operation.inputs[1]
    if origin.presence is not None:
        is_copy = not origin.reads if operation.type in _ASSIGNING else giver_of(value) in reach.results
        return None if is_copy or origin.presence is ALWAYS else reach.presences.predicate(origin.presence)
    additions = additions_to(origin, reach) if target in reach.targets else []
    if not additions or any(addition.presence is ALWAYS for addition in additions):
        return None
    return was_added(target, additions, value, reach)


def _unchanged(operation: Operation) -> Tensor:
    """What changes nothing, bit for bit."""
    variable, value = operation.inputs[:2]
    if operation.type in _ADDING:
        zeros = tf.zeros_like(value)
        # Of zeros, only adding a negative one keeps the sign.
        return -zeros if "Add" in operation.type else zeros
    if variable.dtype == tf.resource:
        return tf.raw_ops.ReadVariableOp(resource=variable, dtype=value.dtype)
    return tf.identity(variable)
