"""From annotations to what is drawn: each scope's layers, and which of them takes whose output.

    # @nni.mutable_layer(layer_choice=[conv(size=1), pool()], fixed_inputs=[x], layer_output=h)
    # @nni.mutable_layer(layer_choice=[conv(size=1), pool()], fixed_inputs=[h], optional_inputs=[x], …)

draws x -> h (solid) -> the second layer, and x -> the second layer (dashed). An input that is the output of an earlier
layer of the scope, or of one around it, is an edge from that layer. What plain code does in between is not known here:
every other input is a node of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nascompile.ir import Annotated, Layer, MutableLayers


@dataclass(frozen=True, slots=True)
class Node:
    """A layer, or where there are no candidates, a value that plain code gives. `chosen` is a candidate's name."""

    name: str
    candidates: tuple[str, ...] = ()
    takes: str = ""
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node to a later one, by their numbers in the group. `chosen` is None where no architecture is shown."""

    tail: int
    head: int
    optional: bool
    chosen: bool | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The layers of one scope; every edge leads from an earlier node to a later one."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def build_groups(annotations: Iterable[Annotated], architecture: Mapping[str, Any] | None = None) -> list[Group]:
    """Return one group for each scope that has layers, in the order of the source.

    `architecture` fits the search space; its candidates and inputs are the chosen ones.
    """
    drafts: dict[str, _Draft] = {}
    for annotated in annotations:
        block = annotated.annotation
        if not isinstance(block, MutableLayers):
            continue
        draft = drafts.setdefault(block.key, _Draft(block.key, []))
        for layer in block.layers:
            draft.add(layer, None if architecture is None else architecture[block.key][layer.key])
    return [Group(draft.title, tuple(draft.nodes), tuple(draft.edges)) for draft in drafts.values()]


class _Draft:
    """A group while its layers are added. `latest` are the nodes that names stand for at this point of the source."""

    def __init__(self, title: str, nodes: list[Node]) -> None:
        self.title = title
        self.nodes = nodes
        self.edges: list[Edge] = []
        self._latest: dict[str, int] = {}

    def add(self, layer: Layer, choice: Mapping[str, Any] | None) -> None:
        """Add a layer with the edges to it, and the nodes of values that no layer gives."""
        inputs = [(one.code, False) for one in layer.fixed_inputs] + [(one.code, True) for one in layer.optional_inputs]
        for name, _ in inputs:
            if name not in self._latest:
                self._latest[name] = len(self.nodes)
                self.nodes.append(Node(_visible(name)))
        head = len(self.nodes)
        for name, optional in inputs:
            taken = None if choice is None else not optional or name in choice["chosen_inputs"]
            self.edges.append(Edge(self._latest[name], head, optional, taken))
        candidates = tuple(_visible(candidate.name) for candidate in layer.candidates)
        chosen = None if choice is None else _visible(choice["chosen_layer"])
        self.nodes.append(Node(_visible(layer.own_name), candidates, _taken(layer), chosen))
        self._latest[layer.output.code] = head


def _taken(layer: Layer) -> str:
    """Return how many of its optional inputs a layer takes, in words: `1 of 2`, `0 to 2 of 2`."""
    if not layer.optional_inputs:
        return ""
    low, high = layer.sizes
    return f"{low if low == high else f'{low} to {high}'} of {len(layer.optional_inputs)}"


def _visible(text: str) -> str:
    """Return a text that any file format can hold: code may have control characters in its strings."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
