"""Gives blocks, layers and candidates the names they keep under edits.

    class Net:
        def build(self, x):
            '''@nni.mutable_layer(layer_choice=[conv(size=3)], fixed_inputs=[x], layer_output=h)'''

is block `trial/Net.build`, layer `h`, candidate `conv(size=3)` with variable scope `h/conv_size_3`. A second block of
a scope, or a second layer of that name in a block, ends in `#2`. A variable `lr` sampled there by `nni.choice` is
`trial/Net.build/lr/choice`, and a function choice for `tf.nn.relu` is `trial/Net.build/tf.nn.relu/function_choice`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from nascompile.ir import Annotated, Candidate, FunctionChoice, Layer, MutableLayers, Variable

_NOT_IN_SCOPES = re.compile(r"[^A-Za-z0-9]+")
_NUMBERED = re.compile(r"(.+)_\d+")


def assign_keys(annotations: list[Annotated], module: str) -> list[Annotated]:
    """Return the annotations with the keys of their blocks and layers, and their candidates' scopes, filled in."""
    seen: Counter[str] = Counter()
    scopes = ScopeNames()
    keyed = []
    for annotated in annotations:
        annotation = annotated.annotation
        base = "/".join(filter(None, (module, ".".join(annotated.site.scope))))
        if isinstance(annotation, MutableLayers):
            annotation = _key_block(annotation, _numbered(base, seen), scopes)
        elif isinstance(annotation, Variable):
            key = f"{base}/{annotation.name.code}/{annotation.sampling.function}"
            annotation = replace(annotation, key=_numbered(key, seen))
        elif isinstance(annotation, FunctionChoice):
            key = f"{base}/{annotation.name.code}/function_choice"
            annotation = replace(annotation, key=_numbered(key, seen))
        keyed.append(replace(annotated, annotation=annotation))
    return keyed


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


def _key_block(block: MutableLayers, key: str, scopes: ScopeNames) -> MutableLayers:
    seen: Counter[str] = Counter()
    layers = tuple(_key_layer(layer, _numbered(layer.output.code, seen), scopes) for layer in block.layers)
    return replace(block, key=key, layers=layers)


def _key_layer(layer: Layer, key: str, scopes: ScopeNames) -> Layer:
    def scoped(candidate: Candidate) -> Candidate:
        return replace(candidate, scope=scopes.take(layer.output.code, candidate.name))

    return replace(layer, key=key, candidates=tuple(map(scoped, layer.candidates)))


def _numbered(base: str, seen: Counter[str]) -> str:
    seen[base] += 1
    return base if seen[base] == 1 else f"{base}#{seen[base]}"


def _sanitised(name: str) -> str:
    """Return a name of letters, digits and single underscores that begins with a letter or a digit."""
    return _NOT_IN_SCOPES.sub("_", name).strip("_") or "x"
