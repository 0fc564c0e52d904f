"""The search space in a flat form, for tuners that know choice, randint and uniform, and samples of it.

    {"trial/h/layer_choice": {"_type": "choice", "_value": ["conv(size=3)", "pool()"]},
     "trial/h/optional_inputs": {"_type": "choice", "_value": ["[]", "[\\"a\\"]", "[\\"b\\"]"]}}

A sample holds a value for each key, and `architecture_of` turns it into an architecture. What leaves nothing to choose
has no key. Up to `LARGEST_CHOICE` valid sets of inputs are one choice among them, each written as JSON. Of more sets,
one is spelled by a code of fixed length, which decodes whatever its digits are:

    trial/h/input_count    uniform over [0, 1): how many inputs; no key where the number is fixed
    trial/h/input_1 ...    randint: the next pick among the inputs that remain (a Lehmer code, so nothing repeats);
                           picks beyond the number are not looked at

Samples drawn uniformly give uniform architectures: a size s of k inputs has a part of [0, 1) as large as the number of
its sets, C(k, s), and each set of a size is spelled by as many codes. All that is uneven comes from the 2**53 numbers
that a uniform float can be. Where n sizes are allowed, the probability of a size is off by less than n / 2**53, and it
is 1 / 2**53 where it would be less, so that the rarest size is reached too.

Keys and names are as elsewhere, but for a few characters that are percent-encoded, as NNI 3.0 takes `#` and `//` for
comments, even inside of JSON strings: block `trial#2` is `trial%232`, and `conv(size=n//2)` is `conv(size=n/%2F2)`.

The runtime decodes with code of its own, `nascompile_runtime.flat`; a test holds the two against each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import combinations
from math import comb
from typing import Any, TypeAlias

from nascompile.ir import Plain
from nascompile.search_space import LayerSpace, SearchSpace
from nascompile.variable_space import VariableSpace

Sample: TypeAlias = Mapping[str, Any]

LARGEST_CHOICE = 64
_CELLS = 2**53
_UNSAFE = re.compile(r"[%#\x00-\x1f\x7f-\x9f\u2028\u2029]|(?<=/)/")


class SampleError(ValueError):
    """A sample that spells no architecture; the message names the key and what is allowed."""


def flat_space(space: SearchSpace) -> dict[str, Any]:
    """Return the flat form of a space, in NNI's format, as plain data."""
    return {
        f"{_encoded(f'{block}/{layer}')}/{name}": decision
        for block, layer, choices in space.layers()
        for name, decision in _decisions(choices)
    } | {
        _encoded(key): {"_type": variable.function, "_value": [_coded(one) for one in variable.arguments]}
        for key, variable in space.variables.items()
        if len(variable.arguments) > 1
    }


def architecture_of(sample: Sample, space: SearchSpace) -> dict[str, Any]:
    """Return the architecture that a sample of the flat form spells. Keys that are none of the space's are ignored.

    Raises:
        SampleError: a key is missing, or its value is none that the key can have.
    """
    architecture: dict[str, Any] = {}
    for block, layer, choices in space.layers():
        key = _encoded(f"{block}/{layer}")
        chosen = {"chosen_layer": _candidate(sample, key, choices), "chosen_inputs": _inputs(sample, key, choices)}
        architecture.setdefault(block, {})[layer] = chosen
    for key, variable in space.variables.items():
        architecture[key] = _value_of(sample, _encoded(key), variable)
    return architecture


def _value_of(sample: Sample, key: str, variable: VariableSpace) -> Plain:
    """Return a variable's value; the only one where it has no key."""
    if len(variable.arguments) == 1:
        return variable.arguments[0]
    value = _value(sample, key, variable.description())
    names = {_encoded(one): one for one in variable.arguments if isinstance(one, str)}
    name: Plain = names.get(value, value) if isinstance(value, str) else value
    if refusal := variable.find_refusal(name):
        raise SampleError(f"{key!r}: {refusal[0]}" + (f" ({refusal[1]})" if refusal[1] else ""))
    return name


def _coded(name: Plain) -> Plain:
    return _encoded(name) if isinstance(name, str) else name


def _decisions(choices: LayerSpace) -> Iterator[tuple[str, dict[str, Any]]]:
    if len(choices.candidates) > 1:
        yield "layer_choice", {"_type": "choice", "_value": list(_by_code(choices.candidates))}
    sets = _number_of_sets(choices)
    if sets == 1:
        return
    if sets <= LARGEST_CHOICE:
        yield "optional_inputs", {"_type": "choice", "_value": list(_sets(choices))}
        return
    low, high = choices.sizes
    if low < high:
        yield "input_count", {"_type": "uniform", "_value": [0, 1]}
    for number in range(1, high + 1):
        remaining = len(choices.optional_inputs) - number + 1
        if remaining > 1:
            yield f"input_{number}", {"_type": "randint", "_value": [0, remaining]}


def _number_of_sets(choices: LayerSpace) -> int:
    return choices.size() // len(choices.candidates)


def _sets(choices: LayerSpace) -> dict[str, list[str]]:
    """Return the valid sets of inputs by the text that they are written as, small ones first."""
    low, high = choices.sizes
    sets = (list(names) for size in range(low, high + 1) for names in combinations(choices.optional_inputs, size))
    return {_encoded(json.dumps(names, ensure_ascii=False)): names for names in sets}


def _by_code(names: Sequence[str]) -> dict[str, str]:
    return {_encoded(name): name for name in names}


def _encoded(text: str) -> str:
    """Return a text that holds nothing which NNI takes for a comment or for the end of a line."""
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def _candidate(sample: Sample, key: str, choices: LayerSpace) -> str:
    if len(choices.candidates) == 1:
        return choices.candidates[0]
    by_code = _by_code(choices.candidates)
    return by_code[_one_of(sample, f"{key}/layer_choice", list(by_code))]


def _inputs(sample: Sample, key: str, choices: LayerSpace) -> list[str]:
    low, high = choices.sizes
    sets = _number_of_sets(choices)
    if sets == 1:
        return list(choices.optional_inputs[:low])
    if sets <= LARGEST_CHOICE:
        by_code = _sets(choices)
        return by_code[_one_of(sample, f"{key}/optional_inputs", list(by_code))]
    inputs = len(choices.optional_inputs)
    size = low if low == high else _size(_share(sample, f"{key}/input_count"), inputs, low, high)
    remaining = list(range(inputs))
    picked = [
        remaining.pop(_below(sample, f"{key}/input_{number}", len(remaining)) if len(remaining) > 1 else 0)
        for number in range(1, size + 1)
    ]
    return [choices.optional_inputs[position] for position in sorted(picked)]


def _size(share: float, inputs: int, low: int, high: int) -> int:
    """Return the size in whose part of [0, 1) a number lies: in whole cells of 1 / 2**53, at least one for each."""
    cell = min(int(share * _CELLS), _CELLS - 1)
    total = sum(comb(inputs, size) for size in range(low, high + 1))
    before = end = 0
    for size in range(low, high):
        before += comb(inputs, size)
        end = min(max(-(-before * _CELLS // total), end + 1), _CELLS - (high - size))
        if cell < end:
            return size
    return high


def _one_of(sample: Sample, key: str, allowed: Sequence[str]) -> str:
    value = _value(sample, key, _listed(allowed))
    if value not in allowed:
        raise _wrong(key, value, _listed(allowed) + _near(value, allowed))
    return str(value)


def _share(sample: Sample, key: str) -> float:
    allowed = "a number from 0 to 1"  # what is drawn from [0, 1) may have been rounded
    value = _value(sample, key, allowed)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _wrong(key, value, allowed)
    return float(value)


def _below(sample: Sample, key: str, limit: int) -> int:
    allowed = f"a whole number from 0 to {limit - 1}"
    value = _value(sample, key, allowed)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value not in range(limit):
        raise _wrong(key, value, allowed)
    return int(value)


def _value(sample: Sample, key: str, allowed: str) -> Any:
    if key not in sample:
        raise SampleError(f"the sample has no {key!r}; it is {allowed}{_near(key, list(sample))}")
    return sample[key]


def _wrong(key: str, value: object, allowed: str) -> SampleError:
    text = repr(value)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    return SampleError(f"{key!r} is {shown}; it must be {allowed}")


def _near(value: object, known: Sequence[str]) -> str:
    near = get_close_matches(value, list(known), n=1) if isinstance(value, str) else []
    return f" (did you mean {near[0]!r}?)" if near else ""


def _listed(values: Sequence[str]) -> str:
    more = f" and {len(values) - 10} more" if len(values) > 10 else ""
    return f"one of {', '.join(map(repr, values[:10]))}{more}"
