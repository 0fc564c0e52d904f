"""Architectures as points of a space: one choice for each layer, in the order of the layers.

spaces = [LayerSpace("net", "h1", ("conv()", "pool()"), (), (0, 0)), ...]
point  = (Choice(1, ()), ...)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import comb, prod
from typing import TypeAlias

from nascompile_runtime.architecture import Architecture, Choice, choice_of
from nascompile_runtime.layer import LayerSpace

Point: TypeAlias = tuple[Choice, ...]


def point_of(architecture: Architecture, spaces: Sequence[LayerSpace]) -> Point:
    """The point that an architecture is. Raises ArchitectureError where it does not fit a layer."""
    return tuple(choice_of(architecture, space) for space in spaces)


def options_of(space: LayerSpace) -> int:
    """How many choices a layer has."""
    low, high = space.sizes
    return len(space.candidates) * sum(comb(len(space.inputs), size) for size in range(low, high + 1))


def size_of(spaces: Sequence[LayerSpace]) -> int:
    """How many points there are."""
    return prod(map(options_of, spaces))


def all_points(spaces: Sequence[LayerSpace]) -> Iterator[Point]:
    """Every point once."""
    return product(*map(list, map(_choices, spaces)))


def neighbours_of(space: LayerSpace, choice: Choice) -> Iterator[Choice]:
    """The choices of a layer that differ by one step: another candidate, or one input more, fewer or exchanged."""
    for candidate in range(len(space.candidates)):
        if candidate != choice.candidate:
            yield Choice(candidate, choice.inputs)
    low, high = space.sizes
    chosen = set(choice.inputs)
    others = [position for position in range(len(space.inputs)) if position not in chosen]
    if len(chosen) < high:
        yield from (Choice(choice.candidate, _inputs(chosen | {more})) for more in others)
    if len(chosen) > low:
        yield from (Choice(choice.candidate, _inputs(chosen - {less})) for less in choice.inputs)
    for less, more in product(choice.inputs, others):
        yield Choice(choice.candidate, _inputs(chosen - {less} | {more}))


def _choices(space: LayerSpace) -> Iterator[Choice]:
    low, high = space.sizes
    positions = range(len(space.inputs))
    for candidate in range(len(space.candidates)):
        for size in range(low, high + 1):
            yield from (Choice(candidate, inputs) for inputs in combinations(positions, size))


def _inputs(chosen: set[int]) -> tuple[int, ...]:
    return tuple(sorted(chosen))
