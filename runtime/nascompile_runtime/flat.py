"""Samples of the flat search space, as tuners draw them that know choice, randint and uniform only.

    {"trial/h/layer_choice": "pool()", "trial/h/optional_inputs": "[\\"a\\"]"}

`choice_of_sample` reads one layer of it. Its keys, in which `%`, `#` and `//` are percent-encoded as in the values, are
`<block>/<layer>/` and

    layer_choice         the candidate's name; not there if the layer has but one
    optional_inputs      the chosen inputs as JSON text, where there are at most `LARGEST_CHOICE` valid sets, else:
    input_count          in [0, 1): how many inputs; not there if the number is fixed
    input_1, input_2 ... which of the inputs that remain is picked next; not there if one remains

A variable has one key, its own encoded, and is sampled by its own function.

`nascompile.flat_space` writes the space and says more of it. It has a decoder of its own; a test holds both together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Any, TypeAlias

from nascompile_runtime.architecture import ArchitectureError, Choice, did_you_mean
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.variables import Plain, VariableSpace

Sample: TypeAlias = Mapping[str, Any]

LARGEST_CHOICE = 64
_CELLS = 2**53
_UNSAFE = re.compile(r"[%#\x00-\x1f\x7f-\x9f\u2028\u2029]|(?<=/)/")


def choice_of_sample(sample: Sample, space: LayerSpace) -> Choice:
    """The choice that a sample spells for a layer; keys of other layers are left alone.

    Raises:
        ArchitectureError: a key of the layer is missing, or its value is none that the key can have.
    """
    candidate = 0
    if len(space.candidates) > 1:
        candidate = _one_of(sample, space, "layer_choice", [_encoded(name) for name in space.candidates])
    return Choice(candidate, _inputs(sample, space))


def holds(sample: Sample, variable: VariableSpace) -> bool:
    """Whether a sample has a value for a variable."""
    return variable.key in sample or _encoded(variable.key) in sample


def value_of_sample(sample: Sample, variable: VariableSpace) -> Plain:
    """The value that a sample, or an architecture, has for a variable.

    Raises:
        ArchitectureError: it has none, or none that the variable can have.
    """
    if variable.key in sample:
        return variable.checked(sample[variable.key])
    key = _encoded(variable.key)
    if key not in sample:
        if len(variable.arguments) == 1:  # a choice that leaves nothing to choose has no key
            return variable.arguments[0]
        raise ArchitectureError(f"the sample has no {key!r}{did_you_mean(key, sample)}")
    names = {_encoded(each): each for each in variable.arguments if isinstance(each, str)}
    value = sample[key]
    return variable.checked(names.get(value, value) if isinstance(value, str) else value)


def _inputs(sample: Sample, space: LayerSpace) -> tuple[int, ...]:
    low, high = space.sizes
    inputs = range(len(space.inputs))
    number_of_sets = sum(comb(len(inputs), size) for size in range(low, high + 1))
    if number_of_sets == 1:
        return tuple(inputs[:low])
    if number_of_sets <= LARGEST_CHOICE:
        sets = [chosen for size in range(low, high + 1) for chosen in combinations(inputs, size)]
        names = ([space.inputs[each] for each in chosen] for chosen in sets)
        texts = [_encoded(json.dumps(each, ensure_ascii=False)) for each in names]
        return sets[_one_of(sample, space, "optional_inputs", texts)]
    size = low if low == high else _size(_share(sample, space, "input_count"), space)
    remaining = list(inputs)
    picked = [
        remaining.pop(_below(sample, space, f"input_{number}", len(remaining)) if len(remaining) > 1 else 0)
        for number in range(1, size + 1)
    ]
    return tuple(sorted(picked))


def _size(share: float, space: LayerSpace) -> int:
    """The size in whose part of [0, 1) a number lies: in whole cells of 1 / 2**53, at least one for each size."""
    low, high = space.sizes
    inputs = len(space.inputs)
    cell = min(int(share * _CELLS), _CELLS - 1)
    total = sum(comb(inputs, size) for size in range(low, high + 1))
    before = end = 0
    for size in range(low, high):
        before += comb(inputs, size)
        end = min(max(-(-before * _CELLS // total), end + 1), _CELLS - (high - size))
        if cell < end:
            return size
    return high


def _one_of(sample: Sample, space: LayerSpace, name: str, allowed: Sequence[str]) -> int:
    value = _value(sample, space, name, _listed(allowed))
    if value not in allowed:
        raise _wrong(space, name, value, _listed(allowed) + did_you_mean(value, allowed))
    return allowed.index(value)


def _share(sample: Sample, space: LayerSpace, name: str) -> float:
    allowed = "a number from 0 to 1"  # what is drawn from [0, 1) may have been rounded
    value = _value(sample, space, name, allowed)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _wrong(space, name, value, allowed)
    return float(value)


def _below(sample: Sample, space: LayerSpace, name: str, limit: int) -> int:
    allowed = f"a whole number from 0 to {limit - 1}"
    value = _value(sample, space, name, allowed)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value not in range(limit):
        raise _wrong(space, name, value, allowed)
    return int(value)


def _value(sample: Sample, space: LayerSpace, name: str, allowed: str) -> Any:
    key = _key(space, name)
    if key not in sample:
        raise ArchitectureError(f"the sample has no {key!r}; it is {allowed}{did_you_mean(key, sample)}")
    return sample[key]


def _key(space: LayerSpace, name: str) -> str:
    return f"{_encoded(f'{space.block}/{space.layer}')}/{name}"


def _encoded(text: str) -> str:
    """A text that holds nothing which NNI takes for a comment or for the end of a line."""
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def _wrong(space: LayerSpace, name: str, value: Any, allowed: str) -> ArchitectureError:
    text = repr(value)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    return ArchitectureError(f"{_key(space, name)!r} is {shown}; it must be {allowed}")


def _listed(values: Sequence[str]) -> str:
    more = f" and {len(values) - 10} more" if len(values) > 10 else ""
    return f"one of {', '.join(map(repr, values[:10]))}{more}"
