"""What an architecture was made for: of each layer, marks of its candidates and optional inputs.

    {"trial": {"h": {"chosen_layer": "conv()", "chosen_inputs": []}},
     "/made_for": {"trial": {"h": "0ad1.b6c4|77e0"}}}

stands beside the blocks, where it stays when an architecture is copied, and no module can have that name. By it, a
layer that has lost candidates since is noticed: it may be another one of the same name. What was added does no harm.

The runtime has code of its own for it, `nascompile_runtime.fingerprint`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zlib import crc32

from nascompile.lookup import MADE_FOR

if TYPE_CHECKING:
    from nascompile.search_space import SearchSpace


def fingerprint(space: SearchSpace) -> dict[str, dict[str, dict[str, str]]]:
    """Return the entry that architectures of a space carry; nothing for a space without layers."""
    marks: dict[str, dict[str, str]] = {}
    for block, layer, choices in space.layers():
        marks.setdefault(block, {})[layer] = _marks(choices.candidates, choices.optional_inputs)
    return {MADE_FOR: marks} if marks else {}


def _marks(candidates: Iterable[str], inputs: Iterable[str]) -> str:
    return f"{'.'.join(map(_mark, candidates))}|{'.'.join(map(_mark, inputs))}"


def lost_since(marks: object, candidates: Iterable[str], inputs: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield what was lost since a layer had these marks, of which field, and how many; nothing without marks."""
    if not isinstance(marks, str):
        return
    now = _marks(candidates, inputs).split("|")
    kinds = (("candidate", "layer_choice"), ("possible input", "optional_inputs"))
    for (what, field), before, after in zip(kinds, marks.split("|"), now, strict=False):
        lost = {mark for mark in before.split(".") if mark} - set(after.split("."))
        if lost:
            yield what, field, len(lost)


def _mark(name: str) -> str:
    return f"{crc32(name.encode(errors='surrogatepass')) & 0xFFFF:04x}"
