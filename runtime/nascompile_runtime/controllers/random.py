"""Uniform over the valid architectures of a space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from nascompile_runtime.architecture import Architecture, to_json
from nascompile_runtime.controllers.base import controller
from nascompile_runtime.controllers.draws import draw_choice, stream
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options


class _State(msgspec.Struct):
    seed: int


@controller("random")
class RandomController:
    """Draws every valid architecture with the same probability, and learns nothing."""

    def __init__(self, options: Options) -> None:
        self._state = _State(options.seed)

    def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
        """Choices drawn for `spaces`, the same for the same seed, request and layers in every process."""
        return to_json((each, draw_choice(each, stream(self._state.seed, request, *each.key))) for each in spaces)

    def observe(self, architecture: Architecture, reward: float) -> None:
        """Nothing to learn."""

    def state(self) -> dict[str, Any]:
        """Its seed is all there is."""
        state: dict[str, Any] = msgspec.to_builtins(self._state)
        return state

    def restore(self, state: dict[str, Any]) -> None:
        """Draw as the controller did that gave `state`."""
        self._state = msgspec.convert(state, _State)
