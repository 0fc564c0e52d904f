"""What an architecture was made for: of each layer, marks of its candidates and optional inputs.

    {"trial": {"h": {"chosen_layer": "conv()", "chosen_inputs": []}},
     "/made_for": {"trial": {"h": "0ad1.b6c4|77e0"}}}

stands beside the blocks, where it stays when an architecture is copied, and no module can have that name. By it, a
layer that has lost candidates since is noticed: it may be another one of the same name. What was added does no harm.

The compiler has code of its own for it, `nascompile.fingerprint`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from zlib import crc32

from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.lookup import MADE_FOR


def fingerprint(spaces: Iterable[LayerSpace]) -> dict[str, dict[str, dict[str, str]]]:
    """The entry that architectures of these layers carry; nothing where there are none."""
    marks: dict[str, dict[str, str]] = {}
    for space in spaces:
        marks.setdefault(space.block, {})[space.layer] = _marks(space.candidates, space.inputs)
    return {MADE_FOR: marks} if marks else {}


def lost_since(marks: object, space: LayerSpace) -> Iterator[str]:
    """What a layer has lost since it had these marks, in words; nothing without marks."""
    if not isinstance(marks, str):
        return
    now = _marks(space.candidates, space.inputs).split("|")
    for what, before, after in zip(("candidate", "possible input"), marks.split("|"), now, strict=False):
        lost = {mark for mark in before.split(".") if mark} - set(after.split("."))
        if lost:
            yield f"a {what} is" if len(lost) == 1 else f"{len(lost)} {what}s are"


@lru_cache(maxsize=4096)  # each report of a step asks again
def _marks(candidates: tuple[str, ...], inputs: tuple[str, ...]) -> str:
    return f"{'.'.join(map(_mark, candidates))}|{'.'.join(map(_mark, inputs))}"


def _mark(name: str) -> str:
    return f"{crc32(name.encode(errors='surrogatepass')) & 0xFFFF:04x}"
