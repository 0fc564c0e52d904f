"""What a loss reaches: in which architectures it has a gradient for a variable.

Whenever `tf.gradients` has differentiated a graph with layers, the operations that it has made are looked at once, in
the order in which they were made. A gradient comes from where it was seeded, through operations that hand it on, and
through the merges of layers, which tell by what routes. So each of these operations has a presence: that of its inputs
which have one, joined. What else they compute with was there before, and has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.captures import variable_of
from nascompile_runtime.graph.conditional.gradients import Gradient, values_of
from nascompile_runtime.graph.conditional.outside import Outside
from nascompile_runtime.graph.conditional.presence import ALWAYS, Alternatives, Presence, Presences
from nascompile_runtime.graph.conditional.switching import Graph, GraphState, Operation, Tensor, state_of

SEED = "grad_ys_"
"""How the names of operations begin that a gradient starts from."""


@dataclass(slots=True)
class Reach:
    """The gradients that were taken in a graph."""

    state: GraphState
    presences: Presences
    results: dict[Operation, set[Operation]] = field(default_factory=dict)
    """The operations that give gradients of variables, and of which."""
    targets: dict[Operation, list[Presence]] = field(default_factory=dict)
    """The variables, and the presences of their gradients."""
    independent: set[Operation] = field(default_factory=set)
    """Operations in which no gradient of a variable takes part."""
    _carried: dict[Operation, Presence] = field(default_factory=dict)
    """The operations that a gradient comes through."""

    @classmethod
    def of(cls, graph: Graph) -> Reach:
        """That of a graph with layers."""
        state = state_of(graph)
        if state.reach is None:
            state.reach = cls(state, Presences(graph))
        reach: Reach = state.reach
        return reach

    def presence(self, operation: Operation) -> Presence | None:
        """That of the gradient which comes through the operation; None if none does."""
        return self._carried.get(operation)

    def presence_of(self, alternatives: Alternatives) -> Presence:
        """That of what was merged from these."""
        came = {position: self._presence_of(gradient) for position, gradient in alternatives.gradients.items()}
        return self.presences.by_route(alternatives, came)

    def note(self, made: Sequence[Operation], ys: Any, xs: Any, found: list[Gradient | None]) -> None:
        """Note the gradients `found` of `ys` for `xs`, which come through what was made.

        Of a variable that only candidates have, the gradient of a penalty on weights becomes zero where none of them
        is chosen: by hand, the variable is not there to be counted.
        """
        self._follow(made)
        outside = Outside(self.state, tf.nest.flatten(ys))
        for number, (source, gradient) in enumerate(zip(tf.nest.flatten(xs), found, strict=True)):
            if gradient is None or not isinstance(getattr(source, "op", None), tf.Operation):
                continue
            variable = variable_of(source)
            presence = self._presence_of(gradient)
            if presence is ALWAYS and variable in self.state.variables and not outside.uses(variable):
                presence = self.existence(variable)
                found[number] = gradient = self._where(presence, gradient)
                self._carried[values_of(gradient).op] = presence
            self.results.setdefault(giver_of(values_of(gradient)), set()).add(variable)
            self.targets.setdefault(variable, []).append(presence)

    def existence(self, variable: Operation) -> Presence:
        """Where a variable of candidates is in the sub-graph."""
        users = self.state.users.get(variable, ())
        return self.presences.where(branch.route for branch in users if branch.route is not None)

    def _follow(self, made: Iterable[Operation]) -> None:
        for operation in made:
            alternatives = self.state.alternatives.get(operation)
            if alternatives is not None:
                self._carried[operation] = self.presence_of(alternatives)
                continue
            givers = map(giver_of, operation.inputs)
            came_here = [self._carried[giver] for giver in givers if giver in self._carried]
            if came_here or _is_seed(operation):
                presence = self.presences.any_of(came_here or [ALWAYS])
                # What goes back through an operation that the sub-graph lacks, it lacks too.
                route = self.state.presuppositions.get(operation._original_op)
                self._carried[operation] = presence if route is None else self.presences.along(route, presence)

    def _presence_of(self, gradient: Gradient) -> Presence:
        return self._carried.get(giver_of(values_of(gradient)), ALWAYS)

    def _where(self, presence: Presence, gradient: Gradient) -> Gradient:
        if isinstance(gradient, tf.IndexedSlices):
            return gradient
        return tf.where(self.presences.predicate(presence), gradient, tf.zeros_like(gradient))


def giver_of(tensor: Tensor) -> Operation:
    """The operation that the tensor is from, behind those that hand on several tensors side by side."""
    while tensor.op.type == "IdentityN":
        tensor = tensor.op.inputs[tensor.value_index]
    return tensor.op


def _is_seed(operation: Operation) -> bool:
    """Whether it is what TensorFlow starts from: ones, or what it is given."""
    return bool(operation.name.rpartition("/")[2].startswith(SEED))
