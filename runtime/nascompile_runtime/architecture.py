"""Architectures: what was chosen for every layer, as JSON and as positions.

    {"trial/Net.build": {"h1": {"chosen_layer": "conv(size=1)", "chosen_inputs": ["a"]}}}

`choice_of` looks up one layer in such an object and gives `Choice(candidate=0, inputs=(0,))`, positions in the order
in which the layer declares its candidates and inputs. Sampled variables stand beside the blocks, and blocks of other
files too, so what no layer asks for is left alone. See `lookup` for the keys that it goes by.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.lookup import MADE_FOR, Found, Lookup, Unknowable

Architecture: TypeAlias = dict[str, Any]


class ArchitectureError(ValueError):
    """An architecture that cannot be read, or that does not fit a layer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What one layer is: the position of its candidate, and those of its optional inputs in declared order."""

    candidate: int
    inputs: tuple[int, ...]


def read_architectures(path: str) -> list[Architecture]:
    """Read the architectures of a JSON file, best or first one first.

    The file holds one architecture, a list of them, or a ranking `[{"score": 0.9, "architecture": {...}}, ...]`.
    `FILE#2` reads only the second of FILE (a file whose name really ends so comes first).

    Raises:
        ArchitectureError: there is no such file, no such rank, no architecture in it, or it is no JSON of this kind.
    """
    path, rank = _split_rank(os.fspath(path))
    content = _read_json(path)
    entries = content if isinstance(content, list) else [content]
    if not entries:
        raise ArchitectureError(f"{path}: the list of architectures is empty")
    architectures = [_unranked(entry, f"{path}: entry {number}") for number, entry in enumerate(entries, 1)]
    if rank is None:
        return architectures
    if not 1 <= rank <= len(architectures):
        raise ArchitectureError(f"{path}#{rank}: there is no such rank; the file holds 1 to {len(architectures)}")
    return [architectures[rank - 1]]


def choice_of(architecture: Architecture, space: LayerSpace) -> Choice:
    """The choice that `architecture` makes for a layer.

    Raises:
        ArchitectureError: it makes none, or none of this space, or it cannot be known which; the message names the
            layer, the wrong value and the allowed ones.
    """
    return read_choice(found_choice(architecture, Lookup(architecture), space).value, space)


def found_choice(architecture: Architecture, lookup: Lookup, space: LayerSpace) -> Found:
    """What an architecture that is looked into says of a layer, and where.

    Raises:
        ArchitectureError: it says nothing, or it cannot be known what.
    """
    block = architecture.get(space.block, {})
    if not isinstance(block, dict):
        raise ArchitectureError(f"block {space.block!r}: {_shown(block)} is no object of layers and their choices")
    found = lookup.layer(space.block, space.layer)
    if isinstance(found, Unknowable):
        raise ArchitectureError(f"{space}: {found.why}; {found.advice}")
    if found is None:
        blocks = lookup.blocks(space.block)
        if not blocks or isinstance(blocks, Unknowable):
            raise _missing(architecture, space.block, f"the architecture has no block {space.block!r}")
        layers = {layer: None for key in blocks for layer in architecture[key]}
        raise _missing(layers, space.layer, f"block {space.block!r}: the architecture has no layer {space.layer!r}")
    return found


def read_choice(chosen: Any, space: LayerSpace) -> Choice:
    """The choice that an object says for a layer.

    Raises:
        ArchitectureError: it says none of this space.
    """
    if not isinstance(chosen, dict):
        raise ArchitectureError(f'{space}: {_shown(chosen)} is no {{"chosen_layer": …, "chosen_inputs": […]}}')
    for key in chosen:
        if key not in ("chosen_layer", "chosen_inputs"):
            raise _wrong(space, "key", key, ("chosen_layer", "chosen_inputs"))
    if "chosen_layer" not in chosen:
        raise ArchitectureError(f"{space}: chosen_layer is missing; it is one of {_listed(space.candidates)}")
    return Choice(_position(space, "chosen_layer", chosen["chosen_layer"], space.candidates), _inputs(space, chosen))


def starting_choice(space: LayerSpace) -> Choice:
    """The choice of a supernet that was never given one: the first candidate, the first and fewest inputs."""
    return Choice(0, tuple(range(space.sizes[0])))


def to_json(choices: Iterable[tuple[LayerSpace, Choice]]) -> Architecture:
    """The architecture that makes these choices."""
    architecture: Architecture = {}
    for space, choice in choices:
        architecture.setdefault(space.block, {})[space.layer] = {
            "chosen_layer": space.candidates[choice.candidate],
            "chosen_inputs": [space.inputs[position] for position in choice.inputs],
        }
    return architecture


def did_you_mean(value: Any, allowed: Iterable[str]) -> str:
    """` (did you mean 'conv(size=1)'?)` where one of the allowed values is close, else nothing."""
    # Only errors pay for the import.
    from difflib import get_close_matches

    close = get_close_matches(value, list(allowed), n=1) if isinstance(value, str) else []
    return f" (did you mean {close[0]!r}?)" if close else ""


def _split_rank(path: str) -> tuple[str, int | None]:
    ranked = re.fullmatch(r"(.+)#(\d+)", path, re.DOTALL)
    if ranked is None or os.path.exists(path):
        return path, None
    return ranked[1], int(ranked[2])


def _read_json(path: str) -> Any:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return json.load(file, object_pairs_hook=unique)
    except OSError as error:
        raise ArchitectureError(f"{path}: cannot read the architecture: {error.strerror or error}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise ArchitectureError(f"{path}: not valid JSON: {error}") from None
    except UnicodeDecodeError as error:
        raise ArchitectureError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from None
    except ValueError as error:  # a key that stands twice, or a number of thousands of digits
        raise ArchitectureError(f"{path}: {error}") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's keys and values. Raises ValueError where a key is there twice: one of its values would be lost."""
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"the key {key!r:.80} stands twice in one object")
        content[key] = value
    return content


def _unranked(entry: Any, where: str) -> Architecture:
    if isinstance(entry, dict) and "architecture" in entry and entry.keys() <= {"score", "architecture"}:
        entry = entry["architecture"]
    if not isinstance(entry, dict):
        raise ArchitectureError(f"{where} is {_shown(entry)}; an architecture is an object of blocks and their layers")
    return entry


def _inputs(space: LayerSpace, chosen: dict[str, Any]) -> tuple[int, ...]:
    if "chosen_inputs" not in chosen:
        if not space.inputs:
            return ()
        raise ArchitectureError(f"{space}: chosen_inputs is missing; it is a list of {_amount(space)}")
    names = chosen["chosen_inputs"]
    if not isinstance(names, list):
        raise ArchitectureError(f"{space}: chosen_inputs is {_shown(names)}; it is a list of {_amount(space)}")
    positions = [_position(space, "chosen_inputs", name, space.inputs) for name in names]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ArchitectureError(f"{space}: chosen_inputs names {twice[0]!r} twice; it is a set")
    if not space.sizes[0] <= len(positions) <= space.sizes[1]:
        raise ArchitectureError(f"{space}: chosen_inputs has {len(positions)} inputs; it is a list of {_amount(space)}")
    return tuple(sorted(positions))


def _position(space: LayerSpace, what: str, value: Any, allowed: Sequence[str]) -> int:
    if value not in allowed:
        raise _wrong(space, what, value, allowed)
    return allowed.index(value)


def _wrong(space: LayerSpace, what: str, value: Any, allowed: Sequence[str]) -> ArchitectureError:
    return ArchitectureError(
        f"{space}: {what} {_shown(value)} is not one of {_listed(allowed)}{did_you_mean(value, allowed)}"
    )


def _missing(table: Mapping[str, Any], key: str, missing: str) -> ArchitectureError:
    known = [name for name in table if name != MADE_FOR]
    more = f" and {len(known) - 10} more" if len(known) > 10 else ""
    return ArchitectureError(f"{missing}; it has {_listed(known[:10])}{more}{did_you_mean(key, known)}")


def _amount(space: LayerSpace) -> str:
    low, high = space.sizes
    count = str(low) if low == high else f"{low} to {high}"
    return f"{count} of {_listed(space.inputs)}"


def _listed(values: Sequence[str]) -> str:
    return ", ".join(repr(value) for value in values) or "(nothing)"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
