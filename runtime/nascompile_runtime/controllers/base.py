"""What a controller is, and the registry of them.

    @controller("random")
    class RandomController: ...

A controller is created as `Class(options)`, takes those of the options that are its own, and is asked in the order of
the requests. It need not know the space before: each proposal says for which layers it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from nascompile_runtime.architecture import Architecture, ArchitectureError, Choice, read_choice
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.lookup import Found, Lookup
from nascompile_runtime.options import Options


class Controller(Protocol):
    """Proposes architectures and learns from their rewards."""

    def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
        """A valid choice for each layer of `spaces`, as part of the architecture of this request (from 0).

        It is asked again for the same request where layers come up later (a graph that is built while it asks), and
        then for those layers alone.
        """

    def observe(self, architecture: Architecture, reward: float) -> None:
        """Learn that `architecture` earned `reward`, which is not always finite; higher is better."""

    def state(self) -> dict[str, Any]:
        """All that it has learnt, as a JSON object of its own."""

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from what `state()` gave, with proposals identical to those that would have come.

        Raises:
            msgspec.ValidationError: `state` is none of this controller.
        """


CONTROLLERS: dict[str, Callable[[Options], Controller]] = {}

_Class = TypeVar("_Class", bound=Callable[[Options], Controller])


def controller(name: str) -> Callable[[_Class], _Class]:
    """Register a controller class under the name that the options use."""

    def register(cls: _Class) -> _Class:
        if name in CONTROLLERS:
            raise ValueError(f"there is already a controller {name!r}")
        CONTROLLERS[name] = cls
        return cls

    return register


def former_space(space: LayerSpace, known: Iterable[LayerSpace]) -> LayerSpace | None:
    """What a layer was in a checkpoint that is older than its key; None where nothing, or several things, may be it."""
    if "#" in space.block:  # code that was compiled by an older version has such keys itself
        return None
    table: dict[str, dict[str, LayerSpace]] = {}
    for other in known:
        table.setdefault(other.block, {})[other.layer] = other
    found = Lookup(table).layer(*space.key)
    return found.value if isinstance(found, Found) and isinstance(found.value, LayerSpace) else None


def choice_if_any(architecture: Architecture, space: LayerSpace) -> Choice | None:
    """What an earlier architecture chose for a layer; None where it had no such layer, or another before an edit."""
    chosen = architecture.get(space.block, {}).get(space.layer)
    if chosen is None:  # of a checkpoint that is older than the keys, maybe
        found = Lookup(architecture).layer(space.block, space.layer)
        chosen = found.value if isinstance(found, Found) else None
    if chosen is None:
        return None
    try:
        return read_choice(chosen, space)
    except ArchitectureError:
        return None
