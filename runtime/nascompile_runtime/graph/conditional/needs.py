"""Which layers of a graph have to run, given what is chosen in them.

A layer whose output goes to optional inputs only, none of which is chosen in a layer that runs, need not run. One with
another consumer, or another gradient, always does, and so does one without any: somebody may fetch it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.conditional.switching import Graph, GraphState, Tensor, state_of

Key: TypeAlias = Any
Option: TypeAlias = tuple[Key, int]
"""An optional input, by its layer and its position there."""


def encode_choices(graph: Graph, choices: Mapping[Key, Choice]) -> dict[Key, list[int]]:
    """The numbers of the signal for what is chosen in the layers, by their keys."""
    codes = state_of(graph).codes
    needed = _Needs.of(graph).layers(choices)
    return {key: codes[key].encode(choice if key in needed else None) for key, choice in choices.items()}


@dataclass(frozen=True, slots=True)
class _Needs:
    """Who needs the layers of a graph, as it was when it had this version."""

    version: int
    always: set[Key]
    """The layers that always run."""
    producers: dict[Option, set[Key]]
    """The others, by the optional inputs that they are."""
    options: dict[Key, int]
    """How many optional inputs a layer has."""

    @classmethod
    def of(cls, graph: Graph) -> _Needs:
        """The needs of a graph, looked up again only if it has grown."""
        state = state_of(graph)
        if state.needs is None or state.needs.version != graph.version:
            state.needs = cls._look_up(state, graph.version)
        needs: _Needs = state.needs
        return needs

    @classmethod
    def _look_up(cls, state: GraphState, version: int) -> _Needs:
        always = set(state.codes)
        producers: dict[Option, set[Key]] = {}
        used = {single.key for single in state.singles.values() if single.is_used_within()}
        for key, outputs in state.outputs.items():
            if key in used:
                continue
            consumers = [None if _is_differentiated(state, output) else _consumers(state, output) for output in outputs]
            options = {option for each in consumers if each is not None for option in each}
            if options and None not in consumers:
                always.discard(key)
                for option in options:
                    producers.setdefault(option, set()).add(key)
        return cls(version, always, producers, {key: len(code.space.inputs) for key, code in state.codes.items()})

    def layers(self, choices: Mapping[Key, Choice]) -> set[Key]:
        """The layers that run with these choices; where there is none, with any."""
        needed: set[Key] = set()
        waiting = set(self.always)
        while waiting:
            key = waiting.pop()
            needed.add(key)
            for position in choices[key].inputs if key in choices else range(self.options[key]):
                waiting |= self.producers.get((key, position), set()) - needed
        return needed


def _is_differentiated(state: GraphState, output: Tensor) -> bool:
    """Whether gradients are asked of the tensor itself, as `minimize` does of a loss."""
    while output.op.type == "Identity":
        (output,) = output.op.inputs
    return (output.op, output.value_index) in state.differentiated


def _consumers(state: GraphState, output: Tensor) -> set[Option] | None:
    """The optional inputs that the tensor is; None if it goes anywhere else."""
    found = [state.options.get(operation) for operation in output.consumers()]
    if None in found or output.op._control_outputs:
        return None
    return {option for option in found if option is not None}
