"""Uniform draws of valid choices, from streams that are the same in every process.

    choice = draw_choice(space, stream(seed, request, *space.key))

A stream is seeded by all that it is for, so what is drawn for one layer depends neither on the order in which layers
are built, nor on the layers beside it, nor on how often the process was started anew. A new one for each draw is cheap
with Python's own generator, a tenth of what it takes with numpy's.
"""

from __future__ import annotations

import json
from math import comb
from random import Random

from nascompile_runtime.architecture import Choice
from nascompile_runtime.layer import LayerSpace


def stream(*identity: int | str) -> Random:
    """The random numbers that belong to `identity`: a seed, a request, and what they are drawn for."""
    return Random(json.dumps(identity))


def draw_choice(space: LayerSpace, rng: Random) -> Choice:
    """One of all the valid choices for a layer, each with the same probability."""
    candidate = rng.randrange(len(space.candidates))
    if not space.inputs:
        return Choice(candidate, ())
    return Choice(candidate, tuple(sorted(rng.sample(range(len(space.inputs)), _draw_size(space, rng)))))


def _draw_size(space: LayerSpace, rng: Random) -> int:
    """A size, each with the weight of the number of subsets that have it."""
    low, high = space.sizes
    subsets = [comb(len(space.inputs), size) for size in range(low, high + 1)]
    drawn = rng.randrange(sum(subsets))
    for size, count in enumerate(subsets, low):
        if drawn < count:
            return size
        drawn -= count
    raise AssertionError("a number below the sum lies in one of its parts")
