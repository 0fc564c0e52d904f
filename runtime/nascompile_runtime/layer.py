"""One mutable layer as generated code hands it to the runtime, checked once for every mode.

    Layer.of('trial/Net.build', 'h1',
             layer_choice=[candidate('conv(size=1)', 'h1/conv_size_1', conv, size=1)],
             fixed_inputs=[x], optional_inputs={'a': a, 'b': b}, optional_input_size=[0, 1])

gives a `Layer`: the values of this execution, and in `layer.space` what any architecture has to decide about it. The
space holds names only, so it is equal each time the same annotation runs, whatever tensors it runs on.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class LayerError(ValueError):
    """A call that describes no layer; the message names the block and the layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One operation of a layer: how it is spelled, the variable scope of its weights, and the call."""

    name: str
    scope: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def build(self, inputs: list[Any]) -> Any:
        """Call the operation on `inputs`, which is `[fixed_inputs, chosen_optional_inputs]`."""
        return self.function(inputs, *self.args, **self.kwargs)


def candidate(name: str, scope: str, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Candidate:
    """A candidate that calls `function(inputs, *args, **kwargs)`, with its variables in the variable scope `scope`."""
    return Candidate(name, scope, function, args, kwargs)


@dataclass(frozen=True, slots=True)
class LayerSpace:
    """What an architecture decides about a layer: one of `candidates`, and low to high of `inputs` (`sizes`)."""

    block: str
    layer: str
    candidates: tuple[str, ...]
    inputs: tuple[str, ...]
    sizes: tuple[int, int]

    @property
    def key(self) -> tuple[str, str]:
        """Equal for each execution of one annotation, and for nothing else."""
        return self.block, self.layer

    @property
    def chooses_inputs(self) -> bool:
        """Whether architectures differ in the inputs of the layer."""
        low, high = self.sizes
        return low < high or 0 < low < len(self.inputs)

    @property
    def has_choice(self) -> bool:
        """Whether architectures differ in the layer at all."""
        return len(self.candidates) > 1 or self.chooses_inputs

    def __str__(self) -> str:
        return f"layer {self.layer!r} of block {self.block!r}"


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One execution of a layer's annotation: its space and the values it is built from, all in declared order."""

    space: LayerSpace
    candidates: tuple[Candidate, ...]
    fixed_inputs: tuple[Any, ...]
    optional_inputs: tuple[Any, ...]
    ranged: bool
    """Whether the size was written as `[low, high]`: a supernet then passes one stacked tensor instead of a list."""

    @classmethod
    def of(
        cls,
        block: str,
        layer: str,
        *,
        layer_choice: Sequence[Candidate],
        fixed_inputs: Sequence[Any] = (),
        optional_inputs: Mapping[str, Any] | None = None,
        optional_input_size: int | Sequence[int] | None = None,
    ) -> Layer:
        """Check the call that an annotation was compiled to.

        `optional_inputs` maps the source of each input to its value. `optional_input_size` is how many of them a
        candidate gets: a number, or `[low, high]`.

        Raises:
            LayerError: there is no candidate, one occurs twice, or the size is missing or does not fit the inputs.
        """
        where = f"layer {layer!r} of block {block!r}"
        optional = dict(optional_inputs or {})
        space = LayerSpace(
            block,
            layer,
            _names(where, layer_choice),
            tuple(optional),
            _sizes(where, optional_input_size, len(optional)),
        )
        return cls(
            space,
            tuple(layer_choice),
            tuple(fixed_inputs),
            tuple(optional.values()),
            isinstance(optional_input_size, (list, tuple)),
        )

    def inputs(self, chosen: Sequence[int]) -> list[Any]:
        """What a candidate is called with when the optional inputs at the positions `chosen` are: two lists."""
        return [list(self.fixed_inputs), [self.optional_inputs[position] for position in chosen]]


def _names(where: str, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    if not candidates:
        raise LayerError(f"{where}: layer_choice is empty; it needs at least one candidate")
    names = tuple(each.name for each in candidates)
    for what, values in (("candidate", names), ("scope", tuple(each.scope for each in candidates))):
        twice = [value for value in dict.fromkeys(values) if values.count(value) > 1]
        if twice:
            raise LayerError(f"{where}: {what} {twice[0]!r} occurs twice in layer_choice")
    return names


def _sizes(where: str, size: int | Sequence[int] | None, inputs: int) -> tuple[int, int]:
    if size is None:
        if inputs:
            raise LayerError(f"{where}: optional_inputs needs an optional_input_size, a number or [low, high]")
        return 0, 0
    bounds = list(size) if isinstance(size, (list, tuple)) else [size, size]
    try:
        low, high = (_whole(bound) for bound in bounds)
    except (TypeError, ValueError):
        raise LayerError(f"{where}: optional_input_size is {size!r}; give a whole number or [low, high]") from None
    if not 0 <= low <= high <= inputs:
        raise LayerError(
            f"{where}: optional_input_size is {size!r}; "
            f"it must lie within 0 and {inputs}, the number of optional inputs, the smaller number first"
        )
    return low, high


def _whole(number: Any) -> int:
    if isinstance(number, bool):
        raise TypeError("a truth value is no size")
    return operator.index(number)
