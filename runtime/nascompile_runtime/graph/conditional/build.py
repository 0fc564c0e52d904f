"""The n-way conditional: every candidate is in the graph, and only the chosen one runs.

    y = build_conditional(index, [conv, pool], [[x], []], names=["conv()", "pool()"], where="h1")

is `conv([[x], []])` while `index` is 0 and `pool([[x], []])` while it is 1, with the gradients of that one.

Candidates are built in the graph itself and not as functions: they make variables as they like, and TensorFlow
optimises them as it would outside, so that a step of the supernet costs what a step of the sub-graph does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional import isolation
from nascompile_runtime.graph.conditional.backward import carry_back
from nascompile_runtime.graph.conditional.captures import Capture, find_captures
from nascompile_runtime.graph.conditional.fork import Fork
from nascompile_runtime.graph.conditional.guard import guard
from nascompile_runtime.graph.conditional.outputs import Output, check_alike
from nascompile_runtime.graph.conditional.side_effects import SideEffects
from nascompile_runtime.graph.conditional.switching import Operation, Tensor, helper_scope, is_trainable, merge
from nascompile_runtime.graph.keras_masks import copy_mask, mask_of


def build_conditional(
    index: Tensor, functions: Sequence[Callable[[Any], Any]], inputs: Any, *, names: Sequence[str], where: str
) -> Any:
    """The output of the function at `index`, an int32 scalar tensor; dead where that is `len(functions)`.

    Each function is called once with a copy of `inputs`, a structure of tensors and other values. Messages
    begin with `where` and call the functions by `names`.

    Raises:
        LayerError: the outputs differ in structure, dtype or static shape, or a function uses what another one made.
    """
    isolation.isolate(index.graph)
    guard(index.graph)
    fork = Fork(index, len(functions))
    given = _Inputs(fork, inputs)
    effects = SideEffects(fork)
    outputs: list[Output] = []
    built: list[list[Operation]] = []
    for position, (function, branch) in enumerate(zip(functions, fork.branches, strict=True)):
        with effects.of(position), branch.building() as operations:
            output = Output.of(function(given.to(position)), f"{where}: candidate {names[position]!r}")
        with helper_scope(), branch.building() as identities:
            outputs.append(output.map(branch.own))
        built.append(operations + identities)
    check_alike(outputs, names, where)
    captures = find_captures(fork, built)
    with helper_scope():
        return merge_outputs(fork, outputs, effects, given.switched, captures)


def merge_outputs(
    fork: Fork, outputs: Sequence[Output], effects: SideEffects, inputs: Sequence[Capture], captures: Sequence[Capture]
) -> Any:
    """The outputs and side effects of all candidates as one, differentiable where that has a meaning."""
    by_value: list[list[Tensor | None]] = [
        list(each) for each in zip(*(output.tensors for output in outputs), strict=True)
    ]
    merged = [None if tensors[0] is None else merge(tensors) for tensors in by_value]
    extra = effects.merged()
    by_value += [effect.tensors for effect in extra]
    merged += [effect.merged for effect in extra]

    passing = [number for number, value in enumerate(merged) if value is not None and is_trainable(value)]
    if passing:
        carried = carry_back(
            fork, [merged[number] for number in passing], [by_value[number] for number in passing], inputs, captures
        )
        for number, value in zip(passing, carried, strict=True):
            merged[number] = value
    count = len(outputs[0].tensors)
    effects.publish(extra, merged[count:])
    return outputs[0].packed(merged[:count])


class _Inputs:
    """The inputs of the candidates. Tensors that gradients pass are switched: to each its own."""

    def __init__(self, fork: Fork, inputs: Any) -> None:
        self._structure = inputs
        self._values = tf.nest.flatten(inputs, expand_composites=True)
        self._switched: dict[int, Capture] = {}
        with helper_scope():
            for number, value in enumerate(self._values):
                if isinstance(value, tf.Tensor) and is_trainable(value):
                    ways = fork.switch(value)
                    copy_mask(mask_of(value), ways)
                    self._switched[number] = Capture(value, {position: [way] for position, way in enumerate(ways)})

    @property
    def switched(self) -> list[Capture]:
        """The inputs as sources of gradients."""
        return list(self._switched.values())

    def to(self, position: int) -> Any:
        """The inputs of the candidate at `position`."""
        values = list(self._values)
        for number, capture in self._switched.items():
            (values[number],) = capture.taken_up[position]
        return tf.nest.pack_sequence_as(self._structure, values, expand_composites=True)
