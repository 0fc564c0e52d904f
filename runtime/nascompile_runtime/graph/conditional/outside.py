"""Whether a variable that a candidate has made is used outside of candidates too, on the way to a loss.

    y = tf.matmul(h, w)                             # a use: the sub-graph has the variable, whatever is chosen
    loss += tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables()])      # none: by hand it would not be listed

A penalty is told by what it is: a scalar made of variables and constants alone, which is added to the rest of the loss.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nascompile_runtime.graph.conditional.switching import GraphState, Operation, may_pass_gradients
from nascompile_runtime.graph.helpers import is_helper

_READS = ("ReadVariableOp", "Identity")
_ADDING = ("Add", "AddV2", "AddN", "Sub", "Pack", "Identity")
_CONSTANTS = ("Const", "VarHandleOp", "VariableV2", "Variable")
_FED = ("Placeholder", "PlaceholderWithDefault")


class Outside:
    """The uses of variables outside of candidates, on the way to some values."""

    def __init__(self, state: GraphState, values: Iterable[Any]) -> None:
        self._state = state
        self._values = [value.op for value in values if hasattr(value, "op")]
        self._needed: set[Operation] = set()
        self._is_weight: dict[Operation, bool] = {}

    def uses(self, variable: Operation) -> bool:
        """Whether the variable is used on the way to the values, otherwise than in a penalty."""
        if not self._needed:
            self._needed = _needed_for(self._values)
        waiting = list(variable.outputs)
        while waiting:
            for user in waiting.pop().consumers():
                if self._is_ours(user) or user not in self._needed:
                    continue
                passing = [tensor for tensor in user.outputs if may_pass_gradients(tensor)]
                if user.type in _READS or self._is_of_weights(user):
                    waiting += passing
                elif passing and not _adds_a_scalar(user):
                    return True
        return False

    def _is_ours(self, user: Operation) -> bool:
        state = self._state
        return user in state.gated or user in state.adopted or user in state.gradients or is_helper(user)

    def _is_of_weights(self, operation: Operation) -> bool:
        """Whether it is computed from variables, constants and scalars that are fed, and from nothing else."""
        waiting = [operation]
        while waiting:
            current = waiting[-1]
            sources = [tensor.op for tensor in current.inputs]
            unknown = [] if _is_source(current) else [source for source in sources if source not in self._is_weight]
            if not unknown:
                self._is_weight[current] = _is_source(current) or (
                    bool(sources) and not self._is_data(current) and all(self._is_weight[source] for source in sources)
                )
            else:
                # A loop may lead back; what is in one is no penalty.
                self._is_weight[current] = False
                waiting += unknown
                continue
            waiting.pop()
        return self._is_weight[operation]

    def _is_data(self, operation: Operation) -> bool:
        return operation in self._state.gated or operation.type in ("Merge", "_SwitchN", "Switch")


def _is_source(operation: Operation) -> bool:
    return operation.type in _CONSTANTS or (operation.type in _FED and operation.outputs[0].shape.rank == 0)


def _adds_a_scalar(operation: Operation) -> bool:
    # To be summed, scalars are packed.
    rank = 1 if operation.type == "Pack" else 0
    return operation.type in _ADDING and operation.outputs[0].shape.rank == rank


def _needed_for(operations: Iterable[Operation]) -> set[Operation]:
    found: set[Operation] = set()
    waiting = list(operations)
    while waiting:
        operation = waiting.pop()
        if operation not in found:
            found.add(operation)
            waiting += [tensor.op for tensor in operation.inputs]
    return found
