"""Which layers of a graph have to run, given what is chosen in them.

A layer whose output goes to optional inputs only, none of which is chosen in a layer that runs, need not run. One with
another consumer always does, and so does one without any: somebody may fetch it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.switching import GraphState, Tensor

Key: TypeAlias = Any


def encode_choices(state: GraphState, choices: Mapping[Key, Choice]) -> dict[Key, list[int]]:
    """The numbers of the signal for what is chosen in the layers, by their keys."""
    needed = _needed(state, choices)
    return {key: state.codes[key].encode(choice if key in needed else None) for key, choice in choices.items()}


def _needed(state: GraphState, choices: Mapping[Key, Choice]) -> set[Key]:
    producers: dict[tuple[Key, int], set[Key]] = {}
    waiting = set(state.codes)
    for key, outputs in state.outputs.items():
        consumers = [_consumers(state, output) for output in outputs]
        if None not in consumers and any(consumers):
            waiting.discard(key)
            for option in (option for options in consumers for option in options or ()):
                producers.setdefault(option, set()).add(key)
    needed: set[Key] = set()
    while waiting:
        key = waiting.pop()
        needed.add(key)
        inputs = choices[key].inputs if key in choices else range(len(state.codes[key].space.inputs))
        for position in inputs:
            waiting |= producers.get((key, position), set()) - needed
    return needed


def _consumers(state: GraphState, output: Tensor) -> set[tuple[Key, int]] | None:
    """The optional inputs that the tensor is, by layer and position; None if it goes anywhere else."""
    found = [state.options.get(operation) for operation in output.consumers()]
    if None in found or output.op._control_outputs:
        return None
    return {option for option in found if option is not None}
