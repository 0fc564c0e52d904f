"""The search space of annotated files, its size, and whether an architecture lies in it.

    {"trial/Net.build": {"_type": "mutable_layer", "_value": {"h1": {
        "layer_choice": ["conv(size=1)", "conv(size=3)"],
        "optional_inputs": ["a", "b"], "optional_input_size": [0, 1]}}}}

is a space of 2 candidates x 3 sets of inputs = 6 architectures. Keys hold no line numbers, so they survive edits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True, slots=True)
class LayerSpace:
    """What an architecture may say about one layer: names of candidates and inputs, and how many inputs."""

    candidates: tuple[str, ...]
    optional_inputs: tuple[str, ...] = ()
    optional_input_size: int | tuple[int, int] = 0

    @property
    def sizes(self) -> tuple[int, int]:
        """The smallest and the largest number of optional inputs."""
        size = self.optional_input_size
        return (size, size) if isinstance(size, int) else size

    def size(self) -> int:
        """Return the number of choices: candidates times the sets of inputs whose size is allowed."""
        low, high = self.sizes
        return len(self.candidates) * sum(math.comb(len(self.optional_inputs), n) for n in range(low, high + 1))

    def to_json(self) -> dict[str, Any]:
        """Return the layer's entry in the search space file."""
        return {
            "layer_choice": list(self.candidates),
            "optional_inputs": list(self.optional_inputs),
            "optional_input_size": size if isinstance(size := self.optional_input_size, int) else list(size),
        }


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """All mutable blocks, by key, each with its layers, by key, in the order of the source."""

    blocks: Mapping[str, Mapping[str, LayerSpace]] = field(default_factory=dict)

    def layers(self) -> Iterator[tuple[str, str, LayerSpace]]:
        """Yield (block, layer, what may be chosen) in the order of the source."""
        for block, layers in self.blocks.items():
            for layer, space in layers.items():
                yield block, layer, space

    def size(self) -> int:
        """Return the number of architectures; 1 where nothing is undecided."""
        return math.prod(space.size() for _, _, space in self.layers())

    def joined(self, other: SearchSpace) -> SearchSpace:
        """Return the space of both; block keys begin with the module, so they are distinct between files."""
        return SearchSpace({**self.blocks, **other.blocks})

    def to_json(self) -> dict[str, Any]:
        """Return the space in NNI's format, as plain data."""
        return {
            block: {"_type": "mutable_layer", "_value": {layer: space.to_json() for layer, space in layers.items()}}
            for block, layers in self.blocks.items()
        }


def starting_architecture(space: SearchSpace) -> dict[str, Any]:
    """Return the architecture of every layer's first candidate and its first, fewest inputs."""
    return {
        block: {
            layer: {
                "chosen_layer": choices.candidates[0],
                "chosen_inputs": list(choices.optional_inputs[: choices.sizes[0]]),
            }
            for layer, choices in layers.items()
        }
        for block, layers in space.blocks.items()
    }


def check_architecture(architecture: object, space: SearchSpace) -> list[str]:
    """Return what is wrong with an architecture, one message a mistake; an empty list where it lies in the space.

    Blocks that the space does not hold are left alone: other files' blocks and sampled variables stand beside its own.
    """
    if not isinstance(architecture, Mapping):
        return [f"an architecture is an object of blocks, not {_shown(architecture)}"]
    return [
        message
        for block, layers in space.blocks.items()
        for message in _check_block(block, layers, architecture.get(block), architecture)
    ]


def _check_block(
    block: str, layers: Mapping[str, LayerSpace], chosen: object, architecture: Mapping[str, object]
) -> Iterator[str]:
    if chosen is None:
        yield f"block `{block}` is missing{_near(block, architecture)}"
        return
    if not isinstance(chosen, Mapping):
        yield f"block `{block}` is an object of layers, not {_shown(chosen)}"
        return
    for layer in chosen:
        if layer not in layers:
            yield f"block `{block}` has no layer `{layer}`; its layers are {_listed(layers)}"
    for layer, space in layers.items():
        if layer not in chosen:
            yield f"block `{block}`: layer `{layer}` is missing"
        else:
            yield from (
                f"block `{block}`, layer `{layer}`: {message}" for message in _check_layer(space, chosen[layer])
            )


def _check_layer(space: LayerSpace, choice: object) -> Iterator[str]:
    if not isinstance(choice, Mapping):
        yield f"a choice is an object with chosen_layer and chosen_inputs, not {_shown(choice)}"
        return
    for key in choice:
        if key not in ("chosen_layer", "chosen_inputs"):
            yield f"unknown key `{key}`; a choice has chosen_layer and chosen_inputs"
    candidate = choice.get("chosen_layer")
    if not isinstance(candidate, str) or candidate not in space.candidates:
        yield f"chosen_layer {_shown(candidate)} is not a candidate; the candidates are {_listed(space.candidates)}"
    yield from _check_inputs(space, choice.get("chosen_inputs", []))


def _check_inputs(space: LayerSpace, inputs: object) -> Iterator[str]:
    if not isinstance(inputs, list | tuple):
        yield f"chosen_inputs is a list of names, not {_shown(inputs)}"
        return
    unknown = [name for name in inputs if name not in space.optional_inputs]
    for name in unknown:
        allowed = _listed(space.optional_inputs) if space.optional_inputs else "none"
        yield f"chosen_inputs: {_shown(name)} is not an optional input; the optional inputs are {allowed}"
    if len({str(name) for name in inputs}) < len(inputs):
        yield f"chosen_inputs names an input twice: {_listed(inputs)}"
    low, high = space.sizes
    if not unknown and not low <= len(inputs) <= high:
        allowed = str(low) if low == high else f"{low} to {high}"
        yield f"chosen_inputs has {len(inputs)} of them; allowed is {allowed}"


def _near(word: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" (there is `{near[0]}`)" if near else ""


def _listed(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)  # type: ignore[attr-defined]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
