"""Uniform over the valid architectures of a space.

Each layer is drawn from its own stream, seeded by the controller's seed, the request, the block and the layer, so a
choice does not depend on the order in which layers are built, nor on the layers beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from math import comb
from typing import TYPE_CHECKING, Any

from nascompile_runtime.architecture import Architecture, Choice, to_json
from nascompile_runtime.controllers.base import controller
from nascompile_runtime.layer import LayerSpace

if TYPE_CHECKING:
    from numpy.random import Generator


@controller("random")
class RandomController:
    """Draws every valid architecture with the same probability, and learns nothing."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
        """Choices drawn for `spaces`, the same for the same seed, request and layers in every process."""
        return to_json((space, _draw(space, self._stream(request, space))) for space in spaces)

    def observe(self, architecture: Architecture, reward: float) -> None:
        """Nothing to learn."""

    def state(self) -> dict[str, Any]:
        """Its seed is all there is."""
        return {"seed": self._seed}

    def restore(self, state: dict[str, Any]) -> None:
        """Draw as the controller did that gave `state`."""
        self._seed = state["seed"]

    def _stream(self, request: int, space: LayerSpace) -> Generator:
        # A trial that is given its architecture never gets here and never pays for the import.
        from numpy.random import default_rng

        # `hash` differs from process to process.
        identity = json.dumps([self._seed, request, *space.key])
        return default_rng(int.from_bytes(hashlib.sha256(identity.encode()).digest(), "big"))


def _draw(space: LayerSpace, rng: Generator) -> Choice:
    candidate = _below(len(space.candidates), rng)
    size = _draw_size(space, rng)
    inputs = rng.permutation(len(space.inputs))[:size]
    return Choice(candidate, tuple(sorted(int(position) for position in inputs)))


def _draw_size(space: LayerSpace, rng: Generator) -> int:
    """A size, each with the weight of the number of subsets that have it."""
    low, high = space.sizes
    subsets = [comb(len(space.inputs), size) for size in range(low, high + 1)]
    drawn = _below(sum(subsets), rng)
    for size, count in enumerate(subsets, low):
        if drawn < count:
            return size
        drawn -= count
    raise AssertionError("a number below the sum lies in one of its parts")


def _below(limit: int, rng: Generator) -> int:
    """Uniform over range(limit), however large (numpy's own integers end at 64 bits): redraw what lies above."""
    bits = (limit - 1).bit_length()
    while True:
        drawn = int.from_bytes(rng.bytes((bits + 7) // 8), "big") & ((1 << bits) - 1)
        if drawn < limit:
            return drawn
