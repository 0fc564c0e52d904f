"""What a gradient that is applied was made of: the gradients that a loss has, or variables that kept these.

Clipped by a common norm, every gradient depends on all others; scaled by a schedule, on variables. What it was made of
comes to it by way of tensors of the variable's own shape. Where that is lost on the way (all gradients in one flat
tensor), it is the variable's own gradient, if the loss has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tensorflow as tf

from nascompile_runtime.graph.conditional.presence import ALWAYS, Presence
from nascompile_runtime.graph.conditional.reach import Reach, giver_of
from nascompile_runtime.graph.conditional.switching import Operation, Tensor

VARIABLES = ("VarHandleOp", "VariableV2", "Variable")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a value was made of."""

    presence: Presence | None
    """Where the gradients of this step exist that it was made of; None if it was made of none."""
    variables: tuple[Operation, ...]
    """The variables of its shape that it was read from, but for those which a loss has gradients of."""
    reads: bool
    """Whether it was read from any."""


def origin_of(value: Tensor, variable: Operation, reach: Reach) -> Origin:
    """The origin of a value that updates the variable."""
    found: list[Operation] = []
    variables: list[Operation] = []
    reads = False
    for operation in _along(value, variable, reach):
        if operation in reach.results:
            found.append(operation)
        elif operation.type in VARIABLES:
            reads = True
            if operation not in reach.targets:
                variables.append(operation)
    # Of two scalars, one may be the other's scale.
    own = [operation for operation in found if variable in reach.results[operation]]
    presences = [reach.presence(operation) or ALWAYS for operation in own or found]
    if not presences and not variables and variable in reach.targets and _depends_on_gradients(value, reach):
        presences = reach.targets[variable]
    return Origin(reach.presences.any_of(presences) if presences else None, tuple(variables), reads)


def _along(value: Tensor, variable: Operation, reach: Reach) -> Iterator[Operation]:
    """The operations on the way to the value, by tensors of its shape or the variable's, back to where it is from."""
    shapes = [value.shape, tf.TensorShape(variable.get_attr("shape"))]
    seen: set[Operation] = set()
    waiting = [value]
    while waiting:
        operation = giver_of(waiting.pop())
        if operation in seen:
            continue
        seen.add(operation)
        yield operation
        if operation not in reach.results and operation.type not in VARIABLES:
            waiting += [tensor for tensor in _sources(operation) if _passes(tensor, shapes)]


def _passes(tensor: Tensor, shapes: list[tf.TensorShape]) -> bool:
    if tensor.dtype == tf.resource:
        return tensor.op.type in ("VarHandleOp", "Placeholder")
    return any(tensor.shape.is_compatible_with(shape) for shape in shapes)


def _sources(operation: Operation) -> list[Tensor]:
    """The inputs, and what it stands for, if it is a placeholder in the function of a conditional or a loop."""
    captures = getattr(operation.graph, "captures", ()) if operation.type == "Placeholder" else ()
    return [*operation.inputs, *(outer for outer, inner in captures if inner.op is operation)]


def _depends_on_gradients(value: Tensor, reach: Reach) -> bool:
    """Whether gradients take part in it at all. What they do not, they do not later either."""
    seen: set[Operation] = set()
    waiting = [value.op]
    while waiting:
        operation = waiting.pop()
        if operation in reach.results:
            return True
        if operation not in seen and operation not in reach.independent:
            seen.add(operation)
            waiting += [tensor.op for tensor in _sources(operation)]
    reach.independent |= seen
    return False
