"""What the candidates of a layer use from outside: their gradients have to reach it.

    captures = find_captures(fork, [operations of candidate 0, operations of candidate 1])

Beside the inputs that they are given, candidates read variables, their own and others, and close over tensors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import tensorflow as tf

from nascompile_runtime.graph.conditional.branch import Branch
from nascompile_runtime.graph.conditional.fork import Fork
from nascompile_runtime.graph.conditional.switching import (
    Operation,
    Tensor,
    is_trainable,
    is_trainable_type,
    may_pass_gradients,
    state_of,
)
from nascompile_runtime.layer import LayerError


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """A tensor, or the handle of a variable, and where the candidates take it up, by the candidate's position.

    What a candidate takes up stands for the source when it is differentiated: the switched input, or what was read
    from the variable. It leads into that candidate only, so finding the way takes no look at the rest of the graph.
    """

    source: Tensor
    taken_up: dict[int, list[Tensor]] = field(default_factory=dict)

    @property
    def is_variable(self) -> bool:
        """Whether the source is the handle of a variable."""
        return bool(self.source.op.type == "VarHandleOp")


def find_captures(fork: Fork, built: Sequence[Sequence[Operation]]) -> list[Capture]:
    """The captures of the candidates, in the order in which they are first used, given the operations of each.

    Raises:
        LayerError: a candidate uses a TensorArray of floats from outside, whose gradient would get lost.
    """
    captures: dict[tuple[Operation, int], Capture] = {}
    for position, operations in enumerate(built):
        users: dict[tuple[Operation, int], list[Operation]] = {}
        for operation in operations:
            for tensor in _from_outside(fork.branches[position], operation):
                key = tensor.op, tensor.value_index
                captures.setdefault(key, Capture(tensor))
                users.setdefault(key, []).append(operation)
        for key, operations_of in users.items():
            captures[key].taken_up[position] = _taken_up(captures[key], operations_of)
            _note_use(fork.branches[position], captures[key], operations_of)
    return list(captures.values())


def _from_outside(branch: Branch, operation: Operation) -> Iterator[Tensor]:
    for tensor in operation.inputs:
        if branch.owns(tensor):
            continue
        if tensor.dtype.base_dtype == tf.variant:
            _check_list(operation, tensor)
        is_own_constant = tensor.op.type == "Const" and tensor.op in state_of(tensor.graph).ungated
        if tensor.op.type == "VarHandleOp" or (is_trainable(tensor) and not is_own_constant):
            yield tensor


def _check_list(operation: Operation, tensor: Tensor) -> None:
    if operation.type.startswith("TensorList") and is_trainable_type(operation.get_attr("element_dtype")):
        raise LayerError(
            f"{operation.name!r} uses {tensor.name!r}, a TensorArray from outside of the candidate, through which no "
            "gradient would pass; give the candidate its `stack()` instead"
        )


def _taken_up(capture: Capture, users: list[Operation]) -> list[Tensor]:
    if not capture.is_variable:
        return [capture.source]
    passing = [user for user in users if any(map(may_pass_gradients, user.outputs))]
    if all(user.type == "ReadVariableOp" for user in passing):
        return [user.outputs[0] for user in passing]
    return [capture.source]


def _note_use(branch: Branch, capture: Capture, users: list[Operation]) -> None:
    """Note that the branch itself uses the variable, not only a layer inside of it."""
    state = state_of(capture.source.graph)
    if any(user not in branch.inner and user not in state.gradients for user in users):
        state.users.setdefault(variable_of(capture.source), []).append(branch)


def variable_of(tensor: Tensor) -> Operation:
    """The operation of the variable that the tensor is or was read from, if it is one."""
    operation = tensor.op
    while operation.type in ("ReadVariableOp", "Identity"):
        operation = operation.inputs[0].op
    return operation
