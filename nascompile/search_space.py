"""The search space of annotated files, its size, and whether an architecture lies in it.

    {"trial/Net.build": {"_type": "mutable_layer", "_value": {"h1": {
        "layer_choice": ["conv(size=1)", "conv(size=3)"],
        "optional_inputs": ["a", "b"], "optional_input_size": [0, 1]}}}}

is a space of 2 candidates x 3 sets of inputs = 6 architectures. Keys hold no line numbers, so they survive edits.
Sampled variables stand beside the blocks: `"trial/lr/choice": {"_type": "choice", "_value": [0.1, 0.01]}`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from nascompile.diagnostics import Diagnostic, Severity, clipped, did_you_mean
from nascompile.fingerprint import lost_since
from nascompile.lookup import Found, Lookup, Unknowable
from nascompile.variable_space import VariableSpace

_CHOICE = ("chosen_layer", "chosen_inputs")


@dataclass(frozen=True, slots=True)
class LayerSpace:
    """What an architecture may say about one layer: names of candidates and inputs, and how many inputs."""

    candidates: tuple[str, ...]
    optional_inputs: tuple[str, ...] = ()
    optional_input_size: int | tuple[int, int] = 0

    @property
    def sizes(self) -> tuple[int, int]:
        """The smallest and the largest number of optional inputs."""
        size = self.optional_input_size
        return (size, size) if isinstance(size, int) else size

    def size(self) -> int:
        """Return the number of choices: candidates times the sets of inputs whose size is allowed."""
        low, high = self.sizes
        return len(self.candidates) * sum(math.comb(len(self.optional_inputs), n) for n in range(low, high + 1))

    def to_json(self) -> dict[str, Any]:
        """Return the layer's entry in the search space file."""
        return {
            "layer_choice": list(self.candidates),
            "optional_inputs": list(self.optional_inputs),
            "optional_input_size": size if isinstance(size := self.optional_input_size, int) else list(size),
        }


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What keeps an architecture out of a space, and what of the space it is about: a block, a layer, its field."""

    message: str
    block: str | None = None
    layer: str | None = None
    field: str | None = None
    hint: str | None = None
    code: str = "NC402"

    @property
    def is_error(self) -> bool:
        """Whether the architecture cannot be used; else this is only worth knowing."""
        return not self.code.startswith("NC7")

    def diagnostic(self, path: str) -> Diagnostic:
        """Return it as said of the file that holds the architecture."""
        if not self.is_error:
            return Diagnostic(self.code, self.message, path, hint=self.hint, severity=Severity.WARNING)
        return Diagnostic(self.code, f"the architecture does not fit: {self.message}", path, hint=self.hint)


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """All mutable blocks, by key, each with its layers, by key, in the order of the source; and all variables."""

    blocks: Mapping[str, Mapping[str, LayerSpace]] = field(default_factory=dict)
    variables: Mapping[str, VariableSpace] = field(default_factory=dict)

    def keys(self) -> set[str]:
        """Return the keys that an architecture has: of blocks and of variables."""
        return {*self.blocks, *self.variables}

    def layers(self) -> Iterator[tuple[str, str, LayerSpace]]:
        """Yield (block, layer, what may be chosen) in the order of the source."""
        for block, layers in self.blocks.items():
            for layer, space in layers.items():
                yield block, layer, space

    def size(self) -> int | float:
        """Return the number of architectures; 1 where nothing is undecided, infinity with a continuous variable."""
        sizes = [space.size() for space in self.variables.values()]
        if math.inf in sizes:
            return math.inf
        return math.prod([*sizes, *(space.size() for _, _, space in self.layers())])

    def joined(self, other: SearchSpace) -> SearchSpace:
        """Return the space of both; block keys begin with the module, so they are distinct between files."""
        return SearchSpace({**self.blocks, **other.blocks}, {**self.variables, **other.variables})

    def to_json(self) -> dict[str, Any]:
        """Return the space in NNI's format, as plain data."""
        return {
            block: {"_type": "mutable_layer", "_value": {layer: space.to_json() for layer, space in layers.items()}}
            for block, layers in self.blocks.items()
        } | {key: space.to_json() for key, space in self.variables.items()}


def check_architecture(architecture: object, space: SearchSpace) -> list[Mismatch]:
    """Return what is wrong with an architecture, all of it, and warnings; an empty list where it lies in the space.

    Blocks that the space does not hold are left alone: those of other files stand beside its own. A variable may be
    missing, and keeps its default then.
    """
    if not isinstance(architecture, Mapping):
        return [Mismatch(f"an architecture is an object of blocks, not {_shown(architecture)}")]
    lookup = Lookup(architecture)
    lookup.settle(space.blocks, space.variables)
    found = [
        replace(mismatch, message=f"block `{block}`{mismatch.message}", block=block)
        for block, layers in space.blocks.items()
        for mismatch in _check_block(block, layers, lookup, architecture)
    ]
    for key, variable in space.variables.items():
        value = lookup.variable(key)
        if isinstance(value, Unknowable):
            found.append(Mismatch(f"variable `{key}`: {value.why}", block=key, hint=value.advice, code="NC404"))
        elif value and (refusal := variable.find_refusal(value.value)):
            found.append(Mismatch(f"variable `{key}`: {refusal[0]}", block=key, hint=refusal[1]))
    return found + list(_renamed_modules(lookup, space))


def fit_architecture(architecture: Mapping[str, object], space: SearchSpace) -> dict[str, Any]:
    """Return what an architecture that lies in a space says of it, under the keys of the space."""
    lookup = Lookup(architecture)
    lookup.settle(space.blocks, space.variables)
    fitted: dict[str, Any] = {}
    for block, layer, _ in space.layers():
        found = lookup.layer(block, layer)
        assert isinstance(found, Found)
        fitted.setdefault(block, {})[layer] = found.value
    for key in space.variables:
        value = lookup.variable(key)
        if isinstance(value, Found):
            fitted[key] = value.value
    return fitted


def _renamed_modules(lookup: Lookup, space: SearchSpace) -> Iterator[Mismatch]:
    """Yield a warning for each module that the architecture calls otherwise, at its first block or variable."""
    told = set()
    for key in (*space.blocks, *space.variables):
        known = lookup.known_as(key)
        pair = key.partition("/")[0], known.partition("/")[0]
        if known and pair[0] != pair[1] and pair not in told:
            told.add(pair)
            message = f"what the architecture says of the module `{pair[1]}` is taken for `{pair[0]}`"
            hint = f"write `{pair[0]}` in the file, or say by --root where module paths begin"
            yield Mismatch(message, block=key, hint=hint, code="NC717")


def _check_block(
    block: str, layers: Mapping[str, LayerSpace], lookup: Lookup, architecture: Mapping[str, object]
) -> Iterator[Mismatch]:
    """Yield what is wrong with the choices for a block, each in words that follow the block's name."""
    given = architecture.get(block)
    if given is not None and not isinstance(given, Mapping):
        yield Mismatch(f" is an object of layers, not {_shown(given)}")
        return
    known = lookup.blocks(block)
    if isinstance(known, Unknowable):
        yield Mismatch(f": {known.why}", hint=known.advice, code="NC404")
        return
    if not known:
        near = [name for name in get_close_matches(block, architecture, n=1) if name != block]
        yield Mismatch(" is missing", hint=f"the architecture calls it `{near[0]}`?" if near else None)
        return
    found = {layer: lookup.layer(block, layer) for layer in layers}
    missing = [layer for layer, choice in found.items() if choice is None]
    unknowable = any(isinstance(choice, Unknowable) for choice in found.values())
    read = {(choice.block, choice.key) for choice in found.values() if isinstance(choice, Found)}
    held: list[tuple[str, str]] = [(key, name) for key in known for name in _names(architecture[key])]
    yield from _check_unknown([name for key, name in held if (key, name) not in read], layers, missing, unknowable)
    for layer, choice in found.items():
        if isinstance(choice, Unknowable):
            yield Mismatch(f", layer `{layer}`: {choice.why}", layer=layer, hint=choice.advice, code="NC404")
        elif choice is not None:
            mismatches = list(_check_layer(layers[layer], choice.value))
            if not mismatches:
                mismatches = list(_check_change(layers[layer], lookup.made_for(choice)))
            for mismatch in mismatches:
                yield replace(mismatch, message=f", layer `{layer}`: {mismatch.message}", layer=layer)
        elif layer in missing:
            yield Mismatch(f": layer `{layer}` is missing", layer=layer)


def _check_unknown(
    unknown: Iterable[str], layers: Mapping[str, LayerSpace], missing: list[str], unknowable: bool
) -> Iterator[Mismatch]:
    """Yield what there is to say of layers that the block does not have.

    Where all of its own were found, nothing can be taken for another, and the rest was deleted since. Else one of the
    `missing` may be meant, and is taken out of them: one mistake, and one message.
    """
    for layer in unknown:
        near = get_close_matches(layer, missing, n=1)
        code = "NC402" if missing else "NC716"
        if near:
            missing.remove(near[0])
        if code == "NC402" or not unknowable:
            message = f" has no layer `{layer}`; its layers are {_listed(layers)}"
            yield Mismatch(message, hint=did_you_mean(layer, near), code=code)


def _check_change(space: LayerSpace, made_for: object) -> Iterator[Mismatch]:
    """Yield a warning where a layer has lost something since the architecture was made."""
    for what, field_name, lost in lost_since(made_for, space.candidates, space.optional_inputs):
        gone = f"a {what} is" if lost == 1 else f"{lost} {what}s are"
        message = f"{gone} gone that it had when the architecture was made"
        hint = "where the layer is another one now, choose anew for it"
        yield Mismatch(message, field=field_name, hint=hint, code="NC716")


def _names(block: object) -> list[str]:
    return list(block) if isinstance(block, Mapping) else []


def _check_layer(space: LayerSpace, choice: object) -> Iterator[Mismatch]:
    if not isinstance(choice, Mapping):
        yield Mismatch(f"a choice is an object with chosen_layer and chosen_inputs, not {_shown(choice)}")
        return
    meant = set()
    for key in choice:
        if key not in _CHOICE:
            near = get_close_matches(key, [name for name in _CHOICE if name not in choice], n=1)
            meant.update(near)
            message = f"unknown key `{key}`; a choice has {' and '.join(_CHOICE)}"
            yield Mismatch(message, hint=did_you_mean(key, near))
    if "chosen_layer" not in meant:
        yield from _check_candidate(space, choice)
    if "chosen_inputs" not in meant:
        yield from _check_inputs(space, choice)


def _check_candidate(space: LayerSpace, choice: Mapping[str, object]) -> Iterator[Mismatch]:
    candidate, allowed = choice.get("chosen_layer"), f"the candidates are {_listed(space.candidates)}"
    if "chosen_layer" not in choice:
        yield Mismatch(f"chosen_layer is missing; {allowed}", field="layer_choice")
    elif not isinstance(candidate, str) or candidate not in space.candidates:
        message = f"chosen_layer {_shown(candidate)} is not a candidate; {allowed}"
        yield Mismatch(message, field="layer_choice", hint=_did_you_mean(candidate, space.candidates))


def _check_inputs(space: LayerSpace, choice: Mapping[str, object]) -> Iterator[Mismatch]:
    inputs = choice.get("chosen_inputs", [])
    where = "optional_inputs"
    if "chosen_inputs" not in choice and space.optional_inputs:
        yield Mismatch(
            f"chosen_inputs is missing; the optional inputs are {_listed(space.optional_inputs)}", field=where
        )
        return
    if not isinstance(inputs, list | tuple):
        yield Mismatch(f"chosen_inputs is a list of names, not {_shown(inputs)}", field=where)
        return
    unknown = [name for name in inputs if name not in space.optional_inputs]
    for name in unknown:
        allowed = _listed(space.optional_inputs) if space.optional_inputs else "none"
        message = f"chosen_inputs: {_shown(name)} is not an optional input; the optional inputs are {allowed}"
        yield Mismatch(message, field=where, hint=_did_you_mean(name, space.optional_inputs))
    twice = len({str(name) for name in inputs}) < len(inputs)
    if twice:
        yield Mismatch(f"chosen_inputs names an input twice: {_listed(inputs)}", field=where)
    low, high = space.sizes
    if not unknown and not twice and not low <= len(inputs) <= high:
        allowed = f"must have {low}" if low == high else f"may have {low} to {high}"
        amount = "1 input" if len(inputs) == 1 else f"{len(inputs)} inputs"
        yield Mismatch(f"chosen_inputs has {amount}, but {allowed}", field="optional_input_size")


def _did_you_mean(value: object, allowed: Iterable[str]) -> str | None:
    return did_you_mean(value, allowed) if isinstance(value, str) else None


def _listed(names: Iterable[object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _shown(value: object) -> str:
    return clipped("null" if value is None else repr(value))
