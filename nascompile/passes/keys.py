"""Gives blocks, layers and candidates the names they keep under edits.

    class Net:
        def build(self, x):
            '''@nni.mutable_layer(layer_choice=[conv(size=3)], fixed_inputs=[x], layer_output=h)'''

is block `trial/Net.build`, layer `h`, candidate `conv(size=3)` with variable scope `h/conv_size_3`. All layers of a
scope are one block. A layer that has a `name` goes by that in the place of its output. A variable `lr` sampled there by
`nni.choice` is `trial/Net.build/lr/choice`, and a function choice for `tf.nn.relu` is
`trial/Net.build/tf.nn.relu/function_choice`.

Where an output is assigned by several layers of a block, only their order tells them apart, and a key by order means
another layer after an edit. Such a key says so: `h#2of3-9c1e07` is the second of the three `h`, and the digits stand
for all three as they are now, so that after an edit no old choice is taken for a new layer. Variables likewise. With
`shared=True` a variable is `trial/lr/choice` and a function choice `trial/relu/function_choice`, wherever they stand.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2s
from itertools import count
from typing import Any

from nascompile.ir import Annotated, Candidate, FunctionChoice, Layer, MutableLayers, Variable

_NOT_IN_SCOPES = re.compile(r"[^A-Za-z0-9]+")
_NUMBERED = re.compile(r"(.+)_\d+")


def assign_keys(annotations: list[Annotated], module: str) -> list[Annotated]:
    """Return the annotations with the keys of their blocks and layers, and their candidates' scopes, filled in."""
    keys = _Keys(_named(annotations, module))
    scopes = _scopes(annotations)
    return [
        replace(annotated, annotation=_keyed(annotated, _base(annotated, module), keys, scopes))
        for annotated in annotations
    ]


class _Keys:
    """Hands out keys in the order of the source: names where they are given once, and else numbers."""

    def __init__(self, named: Iterable[tuple[str, str, Any]]) -> None:
        self._alike: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for block, name, meaning in named:
            self._alike[block, name].append(meaning)
        self._digests: dict[tuple[str, str], str] = {}
        self._places: defaultdict[tuple[str, str], Iterator[int]] = defaultdict(lambda: count(1))

    def take(self, block: str, name: str) -> str:
        """Return the key of the next layer or variable of a name."""
        alike = self._alike[block, name]
        if len(alike) == 1:
            return name
        if (block, name) not in self._digests:
            self._digests[block, name] = blake2s(json.dumps(alike).encode(), digest_size=3).hexdigest()
        return f"{name}#{next(self._places[block, name])}of{len(alike)}-{self._digests[block, name]}"


class ScopeNames:
    """Hands out the variable scopes of a file, each once.

    TensorFlow appends `_1`, `_2` … to a scope that is entered again. A name is therefore taken, too, if it could be
    such a repetition of another: candidates `f()` and `f(1)` get `h/f` and `h/f_1.2`.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._stems: set[str] = set()
        self._numbers: dict[str, int] = {}  # where to go on counting

    def take(self, layer: str, candidate: str) -> str:
        """Return `<layer>/<candidate>`, made of characters that scopes may have, numbered if it is taken."""
        base = f"{_sanitised(layer)}/{_sanitised(candidate)}"
        number = self._numbers.get(base, 1)
        while not self._is_free(name := base if number == 1 else f"{base}.{number}"):
            number += 1
        self._numbers[base] = number + 1
        self._taken.add(name.lower())
        stem = name.lower()
        while match := _NUMBERED.fullmatch(stem):
            stem = match[1]
            self._stems.add(stem)
        return name

    def _is_free(self, name: str) -> bool:
        stem = name.lower()  # TensorFlow tells names apart without regard to case
        if stem in self._taken or stem in self._stems:
            return False
        while match := _NUMBERED.fullmatch(stem):
            stem = match[1]
            if stem in self._taken:
                return False
        return True


def _base(annotated: Annotated, module: str) -> str:
    if isinstance(annotated.annotation, Variable | FunctionChoice) and annotated.annotation.shared:
        return module
    return "/".join(filter(None, (module, ".".join(annotated.site.scope))))


def _named(annotations: list[Annotated], module: str) -> Iterator[tuple[str, str, Any]]:
    """Yield block, name and meaning of all that gets a key."""
    for annotated in annotations:
        base = _base(annotated, module)
        match annotated.annotation:
            case MutableLayers(layers=layers):
                yield from ((base, layer.own_name, _meaning(layer)) for layer in layers)
            case Variable(shared=True) | FunctionChoice(shared=True):
                pass
            case Variable() as variable:
                options = [str(option.name) for option in variable.sampling.options]
                yield "", _variable_name(base, variable), options or variable.sampling.numbers
            case FunctionChoice() as choice:
                yield "", _variable_name(base, choice), [candidate.name for candidate in choice.candidates]


def _meaning(layer: Layer) -> list[Any]:
    candidates = [candidate.name for candidate in layer.candidates]
    inputs = [[value.code for value in values] for values in (layer.fixed_inputs, layer.optional_inputs)]
    return [candidates, *inputs, layer.sizes]


def _variable_name(base: str, sampled: Variable | FunctionChoice) -> str:
    function = sampled.sampling.function if isinstance(sampled, Variable) else "function_choice"
    return f"{base}/{sampled.name.code}/{function}"


def _scopes(annotations: list[Annotated]) -> dict[int, list[str]]:
    """Return the scopes of the candidates of each layer, by its identity. Layers with a name have the first pick."""
    layers = [
        layer for one in annotations if isinstance(one.annotation, MutableLayers) for layer in one.annotation.layers
    ]
    names = ScopeNames()
    return {
        id(layer): [names.take(layer.own_name, candidate.name) for candidate in layer.candidates]
        for layer in sorted(layers, key=lambda layer: not layer.name)
    }


def _keyed(annotated: Annotated, base: str, keys: _Keys, scopes: dict[int, list[str]]) -> Any:
    annotation = annotated.annotation
    if isinstance(annotation, Variable | FunctionChoice):
        name = _variable_name(base, annotation)
        return replace(annotation, key=name if annotation.shared else keys.take("", name))
    if not isinstance(annotation, MutableLayers):
        return annotation

    def scoped(layer: Layer) -> tuple[Candidate, ...]:
        pairs = zip(layer.candidates, scopes[id(layer)], strict=True)
        return tuple(replace(candidate, scope=scope) for candidate, scope in pairs)

    layers = [
        replace(layer, key=keys.take(base, layer.own_name), candidates=scoped(layer)) for layer in annotation.layers
    ]
    return replace(annotation, key=base, layers=tuple(layers))


def _sanitised(name: str) -> str:
    """Return a name of letters, digits and single underscores that begins with a letter or a digit."""
    return _NOT_IN_SCOPES.sub("_", name).strip("_") or "x"
