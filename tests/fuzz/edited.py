"""Invents trials, and edits of them: what `edits.py` makes architectures for, and then tries them on.

    invent = Inventor(rng)
    trial = invent.trial()          functions with layers, some of which have one output, some a name
    edited = invent.edit(trial)     a layer or candidate deleted, inserted, moved, renamed; a function renamed, copied

What a layer and an operation are, whatever they are called, is told by what the written program does when it runs:
above each annotation stands `mark(17)`, the identity of its layers, and each operation logs its own. Neither stands in
an annotation, so the compiler knows nothing of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

OUTPUTS = ("a", "b", "c", "d", "e", "f", "g", "h", "k", "net")
NAMES = ("stem", "head", "a", "h", "body")
OPERATIONS = tuple(f"op{number}" for number in range(6))
FUNCTIONS = ("", "build", "cell", "Net.build", "Net.cell", "build.inner")
INPUTS = ("x", "y", "z")


@dataclass(frozen=True)
class Layer:
    """A layer as written, and which it is."""

    identity: int
    output: str
    name: str
    candidates: tuple[str, ...]
    fixed: tuple[str, ...]
    optional: tuple[str, ...]
    is_comment: bool


@dataclass(frozen=True)
class Function:
    """A function, by its dotted name, with layers in groups that stand in one annotation each; `""` is the module."""

    name: str
    groups: tuple[tuple[Layer, ...], ...]


@dataclass(frozen=True)
class Trial:
    """A file: its functions, and which operation goes by which name."""

    functions: tuple[Function, ...]
    operations: tuple[tuple[str, int], ...]

    def layers(self) -> Iterator[Layer]:
        """Yield its layers in the order of the source."""
        for function in self.functions:
            for group in function.groups:
                yield from group

    def text(self) -> str:
        """Return the program, which calls each function in turn. `log(layer, operation and inputs)` must be there."""
        lines = ["marks = []", "def mark(*identities): marks.extend(identities)", "x, y, z = 'x', 'y', 'z'"]
        for name, identity in self.operations:
            lines += [
                f"def {name}(inputs):",
                f"    log(marks.pop(0), ({identity}, *sorted(inputs[1])))",
                f"    return {name!r}",
            ]
        for function in self.functions:
            lines += list(_function_lines(function))
        return "\n".join(lines) + "\n"


def _function_lines(function: Function) -> Iterator[str]:
    *outer, name = function.name.split(".")
    body = [line for group in function.groups for line in _group_lines(group)] or ["pass"]
    if not name:
        yield from body
        return
    header = [f"def {name}(x=x, y=y, z=z):", *(f"    {line}" for line in body)]
    if not outer:
        yield from (*header, f"{name}()")
    elif outer[0][0].isupper():
        yield from (f"class {outer[0]}:", *(f"    {line}" for line in header), f"{function.name}()")
    else:
        yield from (f"def {outer[0]}():", *(f"    {line}" for line in header), f"    {name}()", f"{outer[0]}()")


def _group_lines(group: tuple[Layer, ...]) -> Iterator[str]:
    yield f"mark({', '.join(str(layer.identity) for layer in group)})"
    if len(group) == 1 and group[0].is_comment:
        layer = group[0]
        yield f"# @nni.mutable_layer({', '.join(_fields(layer, '='))})"
        yield f"{layer.output} = {layer.candidates[0]}([[], []])"
        return
    dicts = (f"{{{', '.join([*_fields(layer, ': '), f'layer_output: {layer.output}'])}}}" for layer in group)
    yield f"'''@nni.mutable_layers({', '.join(dicts)})'''"


def _fields(layer: Layer, joint: str) -> Iterator[str]:
    yield f"layer_choice{joint}[{', '.join(f'{name}()' for name in layer.candidates)}]"
    if layer.fixed:
        yield f"fixed_inputs{joint}[{', '.join(layer.fixed)}]"
    if layer.optional:
        yield f"optional_inputs{joint}[{', '.join(layer.optional)}], optional_input_size{joint}[0, 1]"
    if layer.name:
        yield f'name{joint}"{layer.name}"'


class Inventor:
    """Invents trials and edits, from random numbers."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._identities = count(1)

    def trial(self) -> Trial:
        """Return a new trial."""
        rng = self._rng
        names = rng.sample(FUNCTIONS, rng.choice((1, 1, 1, 2)))
        functions = tuple(Function(name, self._groups()) for name in names)
        return Trial(functions, tuple((name, next(self._identities)) for name in OPERATIONS))

    def _groups(self) -> tuple[tuple[Layer, ...], ...]:
        rng = self._rng
        sizes = rng.choices((1, 1, 1, 2), k=rng.choice((1, 2, 2, 3)))
        pattern = self._layer()  # layers that are alike but for their order are the hard ones
        outputs = [pattern.output] * sum(sizes) if rng.random() < 0.2 else rng.sample(OUTPUTS, len(OUTPUTS))
        groups = [[self._layer(pattern) for _ in range(size)] for size in sizes]
        named = [[replace(layer, output=outputs.pop()) if outputs else layer for layer in group] for group in groups]
        return tuple(map(tuple, named))

    def _layer(self, pattern: Layer | None = None) -> Layer:
        rng = self._rng
        candidates = tuple(rng.sample(OPERATIONS, rng.choice((2, 3, 4))))
        if pattern is not None and rng.random() < 0.5:
            candidates = pattern.candidates
        return Layer(
            identity=next(self._identities),
            output=rng.choice(OUTPUTS),
            name=rng.choice(NAMES) if rng.random() < 0.1 else "",
            candidates=candidates,
            fixed=tuple(rng.sample(INPUTS, rng.choice((0, 1, 1)))),
            optional=tuple(rng.sample(INPUTS, 2)) if rng.random() < 0.2 else (),
            is_comment=rng.random() < 0.6,
        )

    def edit(self, trial: Trial) -> Trial:
        """Return a trial with one edit; the same one where the edit that was drawn cannot be made."""
        edits: tuple[Callable[[Trial], Trial], ...] = (
            *(self._delete_layer, self._insert_layer, self._swap_layers, self._move_layer, self._rename_layer),
            *(self._change_candidates, self._change_inputs, self._rename_operation, self._rename_function),
            *(self._delete_function, self._copy_function, self._swap_functions),
        )
        return self._rng.choice(edits)(trial)

    def _delete_layer(self, trial: Trial) -> Trial:
        return self._with_layers(trial, lambda layers, at: [*layers[:at], *layers[at + 1 :]])

    def _insert_layer(self, trial: Trial) -> Trial:
        def insert(layers: list[Layer], at: int) -> list[Layer]:
            return [*layers[:at], self._layer(layers[at]), *layers[at:]]

        return self._with_layers(trial, insert)

    def _swap_layers(self, trial: Trial) -> Trial:
        def swap(layers: list[Layer], at: int) -> list[Layer]:
            other = self._rng.randrange(len(layers))
            layers[at], layers[other] = layers[other], layers[at]
            return layers

        return self._with_layers(trial, swap)

    def _rename_layer(self, trial: Trial) -> Trial:
        def rename(layers: list[Layer], at: int) -> list[Layer]:
            layer = layers[at]
            if layer.name or self._rng.random() < 0.3:
                renamed = replace(layer, name=self._rng.choice(("", *NAMES)))
            else:
                renamed = replace(layer, output=self._rng.choice(OUTPUTS))
            return [*layers[:at], renamed, *layers[at + 1 :]]

        return self._with_layers(trial, rename)

    def _change_candidates(self, trial: Trial) -> Trial:
        def change(layers: list[Layer], at: int) -> list[Layer]:
            candidates = list(layers[at].candidates)
            others = [name for name, _ in trial.operations if name not in candidates]
            kind = self._rng.choice(("delete", "insert", "reorder", "replace"))
            if kind in ("delete", "replace") and len(candidates) > 1:
                candidates.pop(self._rng.randrange(len(candidates)))
            if kind in ("insert", "replace") and others:
                candidates.insert(self._rng.randint(0, len(candidates)), self._rng.choice(others))
            if kind == "reorder":
                self._rng.shuffle(candidates)
            return [*layers[:at], replace(layers[at], candidates=tuple(candidates)), *layers[at + 1 :]]

        return self._with_layers(trial, change)

    def _change_inputs(self, trial: Trial) -> Trial:
        def change(layers: list[Layer], at: int) -> list[Layer]:
            rng = self._rng
            optional = tuple(rng.sample(INPUTS, rng.choice((2, 3)))) if rng.random() < 0.5 else ()
            changed = replace(layers[at], fixed=tuple(rng.sample(INPUTS, 1)), optional=optional)
            return [*layers[:at], changed, *layers[at + 1 :]]

        return self._with_layers(trial, change)

    def _move_layer(self, trial: Trial) -> Trial:
        """Move an annotation to another place, maybe in another function."""
        source, target = (self._rng.randrange(len(trial.functions)) for _ in range(2))
        groups = list(trial.functions[source].groups)
        if not groups:
            return trial
        moved = groups.pop(self._rng.randrange(len(groups)))
        functions = [*trial.functions]
        functions[source] = replace(functions[source], groups=tuple(groups))
        others = list(functions[target].groups)
        others.insert(self._rng.randint(0, len(others)), moved)
        functions[target] = replace(functions[target], groups=tuple(others))
        return replace(trial, functions=tuple(functions))

    def _rename_operation(self, trial: Trial) -> Trial:
        """Give an operation a new name everywhere, maybe one that nothing uses any more."""
        used = {name for layer in trial.layers() for name in layer.candidates}
        spare = [name for name, _ in trial.operations if name not in used] + [f"op{next(self._identities)}"]
        old, new = self._rng.choice(trial.operations)[0], self._rng.choice(spare)
        operations = [(new if name == old else name, identity) for name, identity in trial.operations if name != new]
        functions = [
            replace(
                function,
                groups=tuple(
                    tuple(
                        replace(layer, candidates=tuple(new if name == old else name for name in layer.candidates))
                        for layer in group
                    )
                    for group in function.groups
                ),
            )
            for function in trial.functions
        ]
        return Trial(tuple(functions), tuple(operations))

    def _rename_function(self, trial: Trial) -> Trial:
        at = self._rng.randrange(len(trial.functions))
        renamed = replace(trial.functions[at], name=self._rng.choice(FUNCTIONS))
        return replace(trial, functions=(*trial.functions[:at], renamed, *trial.functions[at + 1 :]))

    def _delete_function(self, trial: Trial) -> Trial:
        at = self._rng.randrange(len(trial.functions))
        return replace(trial, functions=trial.functions[:at] + trial.functions[at + 1 :]) if at else trial

    def _copy_function(self, trial: Trial) -> Trial:
        """Put a copy of a function above it, under another name or the same: its layers are new ones."""
        function = self._rng.choice(trial.functions)
        groups = tuple(
            tuple(replace(layer, identity=next(self._identities)) for layer in group) for group in function.groups
        )
        return replace(trial, functions=(Function(self._rng.choice(FUNCTIONS), groups), *trial.functions))

    def _swap_functions(self, trial: Trial) -> Trial:
        functions = [*trial.functions]
        self._rng.shuffle(functions)
        return replace(trial, functions=tuple(functions))

    def _with_layers(self, trial: Trial, change: Callable[[list[Layer], int], list[Layer]]) -> Trial:
        """Return a trial with the layers of one annotation changed, or the annotations of one function."""
        at = self._rng.randrange(len(trial.functions))
        function = trial.functions[at]
        if not function.groups:
            return trial
        if self._rng.random() < 0.3:
            place = self._rng.randrange(len(function.groups))
            group = list(function.groups[place])
            changed = tuple(change(group, self._rng.randrange(len(group))))
            groups = [*function.groups[:place], *([changed] if changed else []), *function.groups[place + 1 :]]
        else:
            layers = [layer for group in function.groups for layer in group]
            groups = [(layer,) for layer in change(layers, self._rng.randrange(len(layers)))]
        functions = (*trial.functions[:at], replace(function, groups=tuple(groups)), *trial.functions[at + 1 :])
        return replace(trial, functions=functions)
