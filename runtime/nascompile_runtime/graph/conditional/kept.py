"""Gradients that are kept in variables and applied steps later: where did they exist?

    add = [total.assign_add(gradient) for total, (gradient, _) in zip(totals, pairs)]    # run in many steps
    apply = optimizer.apply_gradients(zip(totals, variables))                            # run once after these

A gradient counts if it existed in any step that added to the total since the last time it was applied. A mark for each
weight remembers it: a variable that TensorFlow does not know as one, so that it needs no initializer and stands in no
checkpoint. What adds inside of a conditional or a loop is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.gradients import Gradient, values_of
from nascompile_runtime.graph.conditional.origins import Origin, origin_of
from nascompile_runtime.graph.conditional.presence import Presence
from nascompile_runtime.graph.conditional.reach import Reach
from nascompile_runtime.graph.conditional.switching import Operation, Tensor, helper_scope

_ADDING = ("AssignAdd", "AssignSub", "ScatterAdd", "ScatterSub", "ResourceScatterAdd", "ResourceScatterSub")
_ASSIGNING = ("AssignVariableOp", "Assign")


@dataclass(frozen=True, slots=True)
class Addition:
    """An operation that adds to a total, and where what it adds exists."""

    writer: Operation
    presence: Presence


def additions_to(origin: Origin, reach: Reach) -> list[Addition]:
    """What adds gradients to the totals that a gradient of this origin was read from.

    Where it was made of gradients of this step too, only what takes the total up again counts: else it is no total.
    """
    found = []
    for total in origin.variables:
        for writer in total.outputs[0].consumers():
            if not writer.type.startswith((*_ADDING, *_ASSIGNING)) or writer._get_control_flow_context() is not None:
                continue
            added = origin_of(writer.inputs[-1], total, reach)
            if added.presence is not None and _adds(writer, total, added, origin):
                found.append(Addition(writer, added.presence))
    return found


def update_if_kept(
    variable: Operation,
    additions: Sequence[Addition],
    now: Presence | None,
    gradient: Gradient,
    update: Callable[[], Any],
    reach: Reach,
) -> Operation:
    """The update, if a gradient existed in an addition since the last one, or does now."""
    mark = _mark(variable, additions, reach)
    # What the gradient waits for may have just added to the total.
    with helper_scope(), tf.control_dependencies([values_of(gradient)]):
        counts = _is_set(mark)
        if now is not None:
            counts = tf.logical_or(reach.presences.predicate(now), counts)
    updated = tf.cond(counts, lambda: tf.group(update()), tf.no_op)
    with helper_scope(), tf.control_dependencies([updated]):
        return _write(mark, False)


def was_added(variable: Operation, additions: Sequence[Addition], value: Tensor, reach: Reach) -> Tensor:
    """Whether a gradient existed in an addition since this was last asked, when the value is computed."""
    mark = _mark(variable, additions, reach)
    with tf.control_dependencies([value]):
        is_set = _is_set(mark)
    with tf.control_dependencies([is_set]):
        forgotten = _write(mark, False)
    with tf.control_dependencies([forgotten]):
        return tf.identity(is_set)


def _adds(writer: Operation, total: Operation, added: Origin, origin: Origin) -> bool:
    if not writer.type.startswith(_ASSIGNING):
        return True
    return origin.presence is None or total in added.variables


def _mark(variable: Operation, additions: Sequence[Addition], reach: Reach) -> Tensor:
    """The handle of a mark that is set when something is added that exists."""
    with variable.graph.as_default(), helper_scope(), tf.control_dependencies(None):
        name = variable.graph.unique_name(f"nascompile/kept/{variable.name}")
        mark = tf.raw_ops.VarHandleOp(dtype=tf.bool, shape=[], shared_name=name, name="mark")
        for addition in additions:
            exists = reach.presences.predicate(addition.presence)
            setting = tf.cond(exists, lambda: tf.group(_write(mark, True)), tf.no_op)
            addition.writer._add_control_input(setting if isinstance(setting, tf.Operation) else setting.op)
    return mark


def _is_set(mark: Tensor) -> Tensor:
    is_made = tf.raw_ops.VarIsInitializedOp(resource=mark)
    return tf.cond(is_made, lambda: _read(mark), lambda: False)


def _read(mark: Tensor) -> Tensor:
    return tf.raw_ops.ReadVariableOp(resource=mark, dtype=tf.bool)


def _write(mark: Tensor, value: bool) -> Operation:
    return tf.raw_ops.AssignVariableOp(resource=mark, value=tf.constant(value))
