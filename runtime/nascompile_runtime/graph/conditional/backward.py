"""The way back through a conditional.

Each candidate is differentiated by itself, with the incoming gradient switched to it, so what belongs to a candidate
that was not chosen is dead on the way back too. Whatever leaves the conditional is alive: a merge takes the gradient
of the chosen candidate, or zeros where that one does not use the source. (`compute_gradients` ties the gradients of an
operation together, so a single dead one would kill the others.)
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from nascompile_runtime.graph.conditional.captures import Capture
from nascompile_runtime.graph.conditional.carry import carry
from nascompile_runtime.graph.conditional.fork import Fork
from nascompile_runtime.graph.conditional.gradients import Gradient, dense, merge_gradients, own_gradient, sum_of
from nascompile_runtime.graph.conditional.switching import Operation, Tensor, helper_scope


def carry_back(
    fork: Fork,
    values: Sequence[Tensor],
    outputs: Sequence[Sequence[Tensor | None]],
    inputs: Sequence[Capture],
    captures: Sequence[Capture],
) -> list[Tensor]:
    """The merged values of a conditional, with gradients for its inputs and captures.

    `outputs` holds what each candidate gave for each of the values, or None.
    """
    return _Backward(fork, outputs, inputs, captures).carry(values)


class _Backward:
    def __init__(
        self,
        fork: Fork,
        outputs: Sequence[Sequence[Tensor | None]],
        inputs: Sequence[Capture],
        captures: Sequence[Capture],
    ) -> None:
        self._fork = fork
        self._outputs = outputs
        self._inputs = inputs
        self._groups = _groups(captures)
        self._waiting: dict[Operation, list[Gradient | None]] = {}

    def carry(self, values: Sequence[Tensor]) -> list[Tensor]:
        """The inputs' gradients go on through the graph, so nothing may hold them up.

        What leads to the captures is therefore carried apart: TensorFlow ties together the gradients of one
        operation, and those of all weights of all candidates are many.
        """
        seeds = [
            carry([tf.constant(0.0, name="seed")], [capture.source for capture in group], self._collect)[0]
            for group in self._groups
        ]
        sources = [capture.source for capture in self._inputs] + seeds
        return carry(values, sources, self._differentiate) if sources else list(values)

    def _differentiate(self, gradients: list[Gradient | None]) -> list[Gradient | None]:
        found: dict[Capture, dict[int, Gradient]] = {}
        switched = [None if each is None else self._fork.switch(dense(each)) for each in gradients]
        for position in range(len(self._fork.branches)):
            given = [None if each is None else each[position] for each in switched]
            for capture, gradient in self._differentiate_candidate(position, given):
                found.setdefault(capture, {})[position] = gradient
        result: list[Gradient | None] = [
            merge_gradients(self._fork, each.source, found.get(each, {})) for each in self._inputs
        ]
        for group in self._groups:
            waiting = [merge_gradients(self._fork, each.source, found.get(each, {})) for each in group]
            token = None
            if any(each is not None for each in waiting):
                with helper_scope():
                    token = tf.constant(0.0, name="token")
                self._waiting[token.op] = waiting
            result.append(token)
        return result

    def _collect(self, tokens: list[Gradient | None]) -> list[Gradient | None]:
        (token,) = tokens
        assert token is not None
        operation = token.op
        while operation.type == "Identity":
            operation = operation.inputs[0].op
        return self._waiting[operation]

    def _differentiate_candidate(
        self, position: int, gradients: Sequence[Tensor | None]
    ) -> list[tuple[Capture, Gradient]]:
        pairs = [
            (output[position], gradient)
            for output, gradient in zip(self._outputs, gradients, strict=True)
            if output[position] is not None and gradient is not None
        ]
        captures = [*self._inputs, *(capture for group in self._groups for capture in group)]
        taken_up = [(capture, tensor) for capture in captures for tensor in capture.taken_up.get(position, ())]
        if not pairs or not taken_up:
            return []
        branch = self._fork.branches[position]
        sources = [tensor for _, tensor in taken_up]
        summed: dict[Capture, list[Gradient]] = {}
        with branch.building():
            found = tf.gradients(
                [output for output, _ in pairs],
                sources,
                grad_ys=[gradient for _, gradient in pairs],
                stop_gradients=sources,
                name=f"candidate_{position}",
            )
            for (capture, _), gradient in zip(taken_up, found, strict=True):
                if gradient is not None:
                    summed.setdefault(capture, []).append(gradient)
            total = [(capture, sum_of(gradients)) for capture, gradients in summed.items()]
        return [(capture, own_gradient(branch, gradient)) for capture, gradient in total]


def _groups(captures: Sequence[Capture]) -> list[list[Capture]]:
    """Handles of one device can stand together; the gradient of a tensor has to go on, so each stands alone."""
    variables: dict[str, list[Capture]] = {}
    tensors = []
    for capture in captures:
        if capture.is_variable:
            variables.setdefault(capture.source.device, []).append(capture)
        else:
            tensors.append([capture])
    return [*variables.values(), *tensors]
