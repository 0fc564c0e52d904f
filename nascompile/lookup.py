"""Finds in an architecture what it says of a layer or variable, also under keys of another time or place.

    {"net/build": {"h": ...}, "net/build#2": {"k": ...}}        layers `h` and `k` of block `src.net/build`

What code calls by a name is found by it. Older compilers made each annotation a block of its own, numbered in a scope,
and began keys with the path from the folder that was named. Such keys are read where just one thing can be meant. What
was told apart by its order (`h#2of3-9c1e07`, `h#2`) is read only where that order is known to be the same still.

The runtime looks up with code of its own, `nascompile_runtime.lookup`; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MADE_FOR = "/made_for"
"""The key beside the blocks that holds a fingerprint of the space; no module has a name like that."""

_ORDERED = re.compile(r"(.+)#(\d+)of(\d+)-[0-9a-f]{6}", re.DOTALL)
_NUMBERED = re.compile(r"(.+)#(\d+)", re.DOTALL)
_NAME_THEM = "choose anew for these, and give each layer a `name` that stays, and variables different names"
_WRITE_PATHS = "write each module's path from the project's root in the architecture"


@dataclass(frozen=True, slots=True)
class Found:
    """What an architecture says of a layer or variable, and under which keys. Of a variable, `block` is its key."""

    value: object
    block: str
    key: str


@dataclass(frozen=True, slots=True)
class Unknowable:
    """Why it cannot be known which of the architecture's choices is meant, and what to do."""

    why: str
    advice: str


class Lookup:
    """An architecture in which layers and variables are looked up."""

    def __init__(self, architecture: Mapping[str, object]) -> None:
        self._architecture = architecture
        self._blocks: dict[str, list[str]] = {}
        self._variables: dict[str, list[str]] = {}
        for key, value in architecture.items():
            if key != MADE_FOR:
                names = self._blocks if isinstance(value, Mapping) else self._variables
                names.setdefault(_stem(key), []).append(key)
        self._taken: dict[str, str] = {}

    def blocks(self, block: str) -> list[str] | Unknowable:
        """Return the keys under which the architecture holds a block: several where it was numbered."""
        known = self._claim(_stem(block), self._blocks)
        return known if isinstance(known, Unknowable) else self._blocks.get(known, [])

    def layer(self, block: str, layer: str) -> Found | Unknowable | None:
        """Return what is chosen for a layer; None where there is nothing."""
        blocks = self.blocks(block)
        if isinstance(blocks, Unknowable):
            return blocks
        held = [(key, name) for key in blocks for name in _layers(self._architecture[key])]
        place = _place(layer, [name for _, name in held])
        if not isinstance(place, int):
            return place
        key, name = held[place]
        return Found(_layers(self._architecture[key])[name], key, name)

    def variable(self, key: str) -> Found | Unknowable | None:
        """Return the value of a variable; None where there is none."""
        if isinstance(value := self._architecture.get(key), Mapping):  # whatever it is, it is no block
            return Found(value, key, key)
        known = self._claim(_stem(key), self._variables)
        if isinstance(known, Unknowable):
            return known
        held = self._variables.get(known, [])
        place = _place(known + key.removeprefix(_stem(key)), held)
        return Found(self._architecture[held[place]], held[place], held[place]) if isinstance(place, int) else place

    def settle(self, blocks: Iterable[str], variables: Iterable[str]) -> None:
        """Have all blocks and variables that the architecture calls by their own keys found before any others."""
        for keys, names in ((blocks, self._blocks), (variables, self._variables)):
            for key in keys:
                if _stem(key) in names:
                    self._claim(_stem(key), names)

    def known_as(self, key: str) -> str:
        """Return what the architecture calls a block or variable that was found; nothing if none was."""
        return next((known for known, taken in self._taken.items() if taken == _stem(key)), "")

    def left_over(self) -> list[str]:
        """Return the keys of blocks and variables that nothing was looked up by, nor might have been."""
        held = {**self._blocks, **self._variables}
        return [key for name, keys in held.items() if name not in self._taken for key in keys]

    def made_for(self, found: Found) -> object:
        """Return the fingerprint of a layer as it was when the architecture was made; None where there is none."""
        entry = self._architecture.get(MADE_FOR)
        marks = _layers(entry).get(found.block)
        return _layers(marks).get(found.key)

    def _claim(self, key: str, names: Mapping[str, list[str]]) -> str | Unknowable:
        """Return what the architecture calls a block or variable, which nothing else can be called then."""
        known = self._resolve(key, names)
        if not known or isinstance(known, Unknowable):
            return known
        taken = self._taken.setdefault(known, key)
        return known if taken == key else _claimed(known, taken)

    def _resolve(self, key: str, names: Mapping[str, list[str]]) -> str | Unknowable:
        """Return what the architecture calls a block or variable; nothing where it knows none of the name.

        A module's path may have begun further in, or further out.
        """
        if key in names:
            return key
        module, separator, scope = key.partition("/")
        others = [name for name in names if name.partition("/")[1:] == (separator, scope)]
        inner = [name for name in others if _ends_with(module, name.partition("/")[0])]
        outer = [name for name in others if _ends_with(name.partition("/")[0], module)]
        if len(outer) > 1 or (outer and inner):
            listed = " or ".join(f"`{name}`" for name in (*inner, *outer))
            return Unknowable(f"the architecture may call it {listed}", _WRITE_PATHS)
        return outer[0] if outer else max(inner, key=len, default="")


def _place(key: str, held: list[str]) -> int | Unknowable | None:
    """Return which of the keys that are held is meant by a layer's or variable's key."""
    name = _stem(key)
    alike = [place for place, other in enumerate(held) if other.startswith(name) and _stem(other) == name]
    ordered = _ORDERED.fullmatch(key)
    many = int(ordered[3]) if ordered else 1
    same = [place for place in alike if held[place] == key]
    if len(same) == 1 and (len(alike) == many):
        return same[0]
    if ordered and {held[place] for place in alike} == {name, *_numbered(name, many)} and len(alike) == many:
        return held.index(name if ordered[2] == "1" else f"{name}#{ordered[2]}")
    if not alike:
        return None
    there, here = (str(number) if number > 1 else "one" for number in (len(alike), many))
    return Unknowable(
        f"the architecture has {there} of the name `{name}`, the code has {here}, "
        "and only their order would tell which is which",
        _NAME_THEM,
    )


def _claimed(known: str, taken: str) -> Unknowable:
    return Unknowable(f"the architecture's `{known}` may be meant, or that is `{taken}`", _WRITE_PATHS)


def _numbered(name: str, many: int) -> Iterator[str]:
    return (f"{name}#{number}" for number in range(2, many + 1))


def _stem(key: str) -> str:
    """Return a key without the number that tells it from others."""
    match = _ORDERED.fullmatch(key) or _NUMBERED.fullmatch(key)
    return match[1] if match else key


def _ends_with(module: str, end: str) -> bool:
    return module.endswith(f".{end}")


def _layers(block: object) -> Mapping[str, object]:
    return block if isinstance(block, Mapping) else {}
