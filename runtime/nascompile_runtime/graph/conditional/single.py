"""A layer of a single candidate is no conditional, unless it can be skipped; which shows after it was built.

    h = build_single(conv, inputs, key, index)    # what conv returns
    ...
    make_skippable(h)                             # somebody takes it as an optional input

The operations that were built before are gated then. Whatever else uses them may go on to: as long as there is such a
use, the layer always runs (`needs`). Never skipped are a layer that holds others, one that is built in a candidate of
another and runs with it, and one that a `GradientTape` has recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import record

from nascompile_runtime.graph.conditional import isolation
from nascompile_runtime.graph.conditional.branch import Branch, not_gated
from nascompile_runtime.graph.conditional.build import merge_outputs
from nascompile_runtime.graph.conditional.captures import find_captures
from nascompile_runtime.graph.conditional.fork import Fork
from nascompile_runtime.graph.conditional.guard import guard
from nascompile_runtime.graph.conditional.outputs import Output
from nascompile_runtime.graph.conditional.side_effects import SideEffects
from nascompile_runtime.graph.conditional.switching import Graph, Operation, Tensor, helper_scope, state_of


def build_single(function: Callable[[Any], Any], inputs: Any, key: Any, index: Callable[[], Tensor]) -> Any:
    """What the function returns, the only candidate of the layer of this key.

    `index` gives an int32 scalar tensor, 0 where the layer runs and 1 where not; called only if it can be skipped.
    """
    graph = tf.compat.v1.get_default_graph()
    if state_of(graph).building or record.could_possibly_record():
        return function(inputs)
    return _Single(graph, key, index).build(function, inputs)


def make_skippable(tensor: Tensor) -> None:
    """Gate the layer of a single candidate that the tensor is an output of, if it is one and nothing stands against."""
    state = state_of(tensor.graph)
    single = state.singles.get(tensor.op)
    if single is not None and not state.building:
        single.gate()


class _Single:
    """The operations of the candidate, and the identities of its outputs that are given away."""

    def __init__(self, graph: Graph, key: Any, index: Callable[[], Tensor]) -> None:
        self.key = key
        self._graph = graph
        self._index = index
        self._operations: list[Operation] = []
        self._initializers: list[Operation] = []
        self._inner: list[Tensor] = []
        self._outputs: list[Tensor] = []
        self._branch: Branch | None = None
        self._merging: set[Operation] = set()
        """What was built to gate it."""

    def build(self, function: Callable[[Any], Any], inputs: Any) -> Any:
        """What the function returns."""
        start = len(self._graph.get_operations())
        with tf.variable_creator_scope(self._create_variable):
            returned = function(inputs)
        self._operations = self._graph.get_operations()[start:]
        made = set(self._operations)
        given = tf.nest.flatten(returned, expand_composites=True)
        if not any(isinstance(each, tf.Tensor) and each.op in made for each in given):
            return returned
        with helper_scope():
            given = [self._give(each) if isinstance(each, tf.Tensor) and each.op in made else each for each in given]
        return tf.nest.pack_sequence_as(returned, given, expand_composites=True)

    def gate(self) -> None:
        """From now on, run the operations where the layer runs."""
        state = state_of(self._graph)
        if self._branch is not None or not (state.gated | state.adopted).isdisjoint(self._operations):
            return
        isolation.isolate(self._graph)
        guard(self._graph)
        start = len(self._graph.get_operations())
        # The layer that is being built may have to wait for this one.
        with self._graph.as_default(), tf.control_dependencies(None):
            fork = Fork(self._index(), 1)
            (self._branch,) = fork.branches
            self._operations = self._branch.adopt(self._operations, self._initializers)
            state.adopted.update(self._operations)
            effects = SideEffects(fork)
            effects.take_all(0)
            captures = find_captures(fork, [self._operations])
            with helper_scope():
                merged = merge_outputs(fork, [Output(self._inner, list(self._inner))], effects, [], captures)
        for output, value in zip(self._outputs, merged, strict=True):
            output.op._update_input(0, value)
        self._merging.update(self._graph.get_operations()[start:])
        state.outputs.setdefault(self.key, []).extend(self._outputs)

    def is_used_within(self) -> bool:
        """Whether anything needs one of its operations, other than by its outputs."""
        branch = self._branch
        if branch is None:
            return False
        users = {user for each in self._operations for output in each.outputs for user in output.consumers()}
        users.update(user for each in self._operations for user in each._control_outputs)
        return not all(branch.runs(user) or user in self._merging for user in users)

    def _give(self, tensor: Tensor) -> Tensor:
        output = tf.identity(tensor)
        self._inner.append(tensor)
        self._outputs.append(output)
        state_of(self._graph).singles[output.op] = self
        return output

    def _create_variable(self, next_creator: Callable[..., Any], **kwargs: Any) -> Any:
        # As in a branch, which these may become.
        with not_gated(self._graph):
            variable = next_creator(**{**kwargs, "use_resource": True})
        self._initializers.append(variable.initializer)
        return variable
