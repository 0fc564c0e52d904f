"""Uniform draws of valid choices, from streams that are the same in every process.

    choice = draw_choice(space, stream(seed, request, *space.key))

A stream is seeded by all that it is for, so what is drawn for one layer depends neither on the order in which layers
are built, nor on the layers beside it, nor on how often the process was started anew.
"""

from __future__ import annotations

import hashlib
import json
from math import comb
from typing import TYPE_CHECKING

from nascompile_runtime.architecture import Choice
from nascompile_runtime.layer import LayerSpace

if TYPE_CHECKING:
    from numpy.random import Generator


def stream(*identity: int | str) -> Generator:
    """The random numbers that belong to `identity`: a seed, a request, and what they are drawn for."""
    # A trial that is given its architecture never gets here and never pays for the import.
    from numpy.random import default_rng

    # `hash` differs from process to process.
    return default_rng(int.from_bytes(hashlib.sha256(json.dumps(identity).encode()).digest(), "big"))


def draw_choice(space: LayerSpace, rng: Generator) -> Choice:
    """One of all the valid choices for a layer, each with the same probability."""
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
