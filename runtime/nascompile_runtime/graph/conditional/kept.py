"""Gradients that are kept in variables and applied steps later: of which candidates are they?

    add = [total.assign_add(gradient) for total, (gradient, _) in zip(totals, pairs)]    # run in many steps
    apply = optimizer.apply_gradients(zip(totals, variables))                            # run once after these

A candidate counts as chosen if it was chosen in any step that added to the total since the last time it was applied. A
mark for each weight remembers it: a variable that TensorFlow does not know as one, so that it needs no initializer and
stands in no checkpoint. What adds inside of a conditional or a loop is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.gradients import Gradient, values_of
from nascompile_runtime.graph.conditional.switching import GraphState, Operation, Tensor, helper_scope

_VARIABLES = ("VarHandleOp", "VariableV2")
_ADDING = ("AssignAdd", "AssignSub", "ScatterAdd", "ScatterSub", "ResourceScatterAdd", "ResourceScatterSub")
_ASSIGNING = ("AssignVariableOp", "Assign")


def ancestors_of(gradient: Gradient, state: GraphState) -> Iterator[Operation]:
    """The operations that a gradient is computed from, back to the gradients of candidates and to variables."""
    seen: set[Operation] = set()
    waiting = [values_of(gradient).op]
    while waiting:
        operation = waiting.pop()
        if operation not in seen:
            seen.add(operation)
            yield operation
            if operation not in state.parts:
                waiting += [tensor.op for tensor in (*operation.inputs, *_captured_by(operation))]


def comes_from_candidates(gradient: Gradient, state: GraphState) -> bool:
    """Whether candidates' gradients of this step take part in it. (What was kept before is read from a variable.)"""
    return any(operation in state.parts for operation in ancestors_of(gradient, state))


def additions_to(gradient: Gradient, variable: Operation, state: GraphState) -> list[Operation]:
    """What adds to the totals that the gradient is made of, if those are of the variable's shape."""
    totals = [
        operation
        for operation in ancestors_of(gradient, state)
        if operation.type in _VARIABLES and operation is not variable and _shape(operation) == _shape(variable)
    ]
    is_only_kept = not comes_from_candidates(gradient, state)
    return [
        writer
        for total in totals
        for writer in total.outputs[0].consumers()
        if _adds(writer, None if is_only_kept else total, state)
    ]


def update_if_kept(
    variable: Operation, additions: list[Operation], is_chosen: Tensor, gradient: Gradient, update: Callable[[], Any]
) -> Operation:
    """The update, if a candidate was chosen in an addition since the last one, or is now. `is_chosen` tells of now."""
    mark = _mark(variable, additions, is_chosen)
    # What the gradient waits for may have just added to the total.
    with helper_scope(), tf.control_dependencies([values_of(gradient)]):
        was_chosen = tf.cond(_is_made(mark), lambda: _read(mark), lambda: False)
        counts = tf.logical_or(is_chosen, was_chosen)
    updated = tf.cond(counts, lambda: tf.group(update()), tf.no_op)
    with helper_scope(), tf.control_dependencies([updated]):
        return _write(mark, False)


def _adds(writer: Operation, total: Operation | None, state: GraphState) -> bool:
    """Whether it adds candidates' gradients, or assigns what is made of them, and of `total` if there is one."""
    if writer._get_control_flow_context() is not None or not comes_from_candidates(writer.inputs[-1], state):
        return False
    if writer.type not in _ASSIGNING:
        return bool(writer.type.startswith(_ADDING))
    return total is None or total in ancestors_of(writer.inputs[-1], state)


def _mark(variable: Operation, additions: list[Operation], is_chosen: Tensor) -> Tensor:
    """The handle of a mark that is set when something is added while the variable's candidate is chosen."""
    with variable.graph.as_default(), helper_scope(), tf.control_dependencies(None):
        name = f"nascompile/kept/{variable.name}"
        mark = tf.raw_ops.VarHandleOp(dtype=tf.bool, shape=[], shared_name=name, name="mark")
        setting = tf.cond(is_chosen, lambda: tf.group(_write(mark, True)), tf.no_op)
        for addition in additions:
            addition._add_control_input(setting if isinstance(setting, tf.Operation) else setting.op)
    return mark


def _is_made(mark: Tensor) -> Tensor:
    return tf.raw_ops.VarIsInitializedOp(resource=mark)


def _read(mark: Tensor) -> Tensor:
    return tf.raw_ops.ReadVariableOp(resource=mark, dtype=tf.bool)


def _write(mark: Tensor, value: bool) -> Operation:
    return tf.raw_ops.AssignVariableOp(resource=mark, value=tf.constant(value))


def _shape(variable: Operation) -> Any:
    return tf.TensorShape(variable.get_attr("shape"))


def _captured_by(operation: Operation) -> list[Tensor]:
    """What the operation stands for, if it is a placeholder in the function of a conditional or a loop."""
    captures = getattr(operation.graph, "captures", ()) if operation.type == "Placeholder" else ()
    return [outer for outer, inner in captures if inner.op is operation]
