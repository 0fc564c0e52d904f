"""A branch: the operations of one candidate, forward and backward, which run only when the candidate is chosen.

    with branch.building() as built:
        output = candidate(inputs)          # `built` now lists the operations of the branch

An operation with a dead input does not run. One without (reading a variable, drawing a random number) would run
whatever is chosen, so it gets a control edge from the branch's pivot. Nothing is under that control while the candidate
builds: it finds its graph as it would outside, and variables and their initial values are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.presence import Route
from nascompile_runtime.graph.conditional.switching import Graph, Operation, Tensor, helper_scope, merge, state_of
from nascompile_runtime.layer import LayerError

_LOOPS = ("While", "StatelessWhile")


class Branch:
    """What belongs to the candidate whose pivot is given, a tensor that is alive only when it is chosen.

    The pivot is an identity of a switch's output. A control edge from a switch itself would gate nothing, since it
    always runs.
    """

    def __init__(self, pivot: Tensor, is_at_index: Tensor) -> None:
        """`is_at_index` tells whether the candidate is the one at the index; it is dead where a branch around is."""
        self.pivot = pivot
        self.route: Route | None = None
        """What a layer has to take for the branch to run; None where it is no candidate's."""
        self.inner: set[Operation] = set()
        """Those of its operations that belong to a branch inside of it."""
        self._graph = pivot.graph
        self._is_at_index = is_at_index
        self.around: Branch | None = (state_of(pivot.graph).building or [None])[-1]
        self._operations: set[Operation] = {pivot.op}
        self._admitted: set[Operation] = set()
        self._initializers: list[Operation] = []

    def is_chosen(self) -> Tensor:
        """Whether the candidate is chosen, a boolean scalar that is alive in any case."""
        if self.around is None:
            return self._is_at_index
        no = tf.raw_ops.Switch(data=tf.constant(False), pred=self.around.is_chosen()).output_false
        return merge([self._is_at_index, no])

    def admit(self, tensor: Tensor) -> Tensor:
        """Count to the branch what it gets from a switch: a tensor of an operation of its own (`anchor`)."""
        self._admitted.add(tensor.op)
        self._operations.add(tensor.op)
        return tensor

    def owns(self, tensor: Tensor) -> bool:
        """Whether the tensor is dead when the candidate is not chosen."""
        return tensor.op in self._operations

    def runs(self, operation: Operation) -> bool:
        """Whether the operation runs only when the candidate is chosen."""
        return operation in self._operations

    def own(self, tensor: Tensor) -> Tensor:
        """The tensor itself if it belongs to the branch, else its identity there."""
        if self.owns(tensor):
            return tensor
        with self.building(), helper_scope():
            return tf.identity(tensor)

    @contextmanager
    def building(self) -> Iterator[list[Operation]]:
        """What is built in this context belongs to the branch; at its end, the list holds those operations."""
        built: list[Operation] = []
        building = state_of(self._graph).building
        start = len(self._graph.get_operations())
        building.append(self)
        try:
            with tf.variable_creator_scope(self._create_variable):
                yield built
        finally:
            building.pop()
        built += self._gate(self._graph.get_operations()[start:])

    def _create_variable(self, next_creator: Callable[..., Any], **kwargs: Any) -> Any:
        # Reference variables, which `disable_v2_behavior()` asks for, cannot be read under a switch.
        with not_gated(self._graph):
            variable = next_creator(**{**kwargs, "use_resource": True})
        self._initializers.append(variable.initializer)
        state_of(self._graph).variables.add(variable.op)
        return variable

    def adopt(self, operations: list[Operation], initializers: list[Operation]) -> list[Operation]:
        """Gate operations that were built outside of it, but for initial values and constants; those that are gated.

        Variables are told by their initializers. What used the operations may go on to, also outside of the branch.
        """
        state_of(self._graph).variables.update(each.inputs[0].op for each in initializers)
        self._initializers += initializers
        return self._gate_each(operations)

    def _gate(self, new: list[Operation]) -> list[Operation]:
        state = state_of(self._graph)
        built = self._gate_each(new)
        self.inner.update(state.gated.intersection(built))
        state.gated.update(built, self._admitted)
        return built

    def _gate_each(self, new: list[Operation]) -> list[Operation]:
        state = state_of(self._graph)
        made = set(new)
        tables = self._graph.get_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS)
        initial = _with_sources([*self._initializers, *tables], made)
        self._initializers.clear()
        self._check_initial(initial)
        state.ungated |= initial
        built = []
        for operation in new:
            if operation in state.ungated:
                continue
            if not self._is_gated(operation):
                if operation.type == "Const":  # free: it is folded, and shared with other candidates
                    state.ungated.add(operation)
                    continue
                if operation.type in _LOOPS:
                    built += self._gate_inputs(operation)
                else:
                    operation._add_control_input(self.pivot.op)
            self._operations.add(operation)
            built.append(operation)
        return built

    def _gate_inputs(self, loop: Operation) -> list[Operation]:
        """Gate a loop by its inputs: its gradient gives it more of them, and none may come after a control edge."""
        gated = []
        nothing, pivot = tf.control_dependencies(None), tf.control_dependencies([self.pivot])
        with helper_scope(), tf.device(loop.device), nothing, pivot:
            for number, tensor in enumerate(loop.inputs):
                if tensor.dtype != tf.resource:
                    loop._update_input(number, tf.identity(tensor))
                    gated.append(loop.inputs[number].op)
        self._operations.update(gated)
        return gated

    def _check_initial(self, operations: set[Operation]) -> None:
        for operation in operations:
            for tensor in operation.inputs:
                if self.owns(tensor):
                    raise LayerError(
                        f"{operation.name!r} is needed for an initial value and depends on {tensor.name!r}, an input "
                        "of a candidate, which exists only when that one is chosen; initial values must do without"
                    )

    def _is_gated(self, operation: Operation) -> bool:
        return any(map(self.owns, operation.inputs)) or not self._operations.isdisjoint(operation.control_inputs)


@contextmanager
def not_gated(graph: Graph) -> Iterator[None]:
    """What is built in this context runs whatever is chosen, also where a candidate is being built."""
    start = len(graph.get_operations())
    yield
    state_of(graph).ungated.update(graph.get_operations()[start:])


def _with_sources(roots: list[Operation], made: set[Operation]) -> set[Operation]:
    """The roots, and everything they are computed from, as far as it is in `made`."""
    found: set[Operation] = set()
    waiting = [root for root in roots if root in made]
    while waiting:
        operation = waiting.pop()
        if operation not in found:
            found.add(operation)
            sources = [*(tensor.op for tensor in operation.inputs), *operation.control_inputs]
            waiting += [source for source in sources if source in made]
    return found
