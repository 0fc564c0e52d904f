"""What a controller is, and the registry of them.

    @controller("random")
    class RandomController: ...

A controller is created as `Class(options)`, takes those of the options that are its own, and is asked in the order of
the requests. It need not know the space before: each proposal says for which layers it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from nascompile_runtime.architecture import Architecture, ArchitectureError, Choice, choice_of
from nascompile_runtime.layer import LayerSpace
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


def choice_if_any(architecture: Architecture, space: LayerSpace) -> Choice | None:
    """What an earlier architecture chose for a layer; None where it had no such layer, or another before an edit."""
    if space.layer not in architecture.get(space.block, {}):
        return None
    try:
        return choice_of(architecture, space)
    except ArchitectureError:
        return None
