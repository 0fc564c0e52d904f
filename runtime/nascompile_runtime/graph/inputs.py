"""The optional inputs that a layer's candidates get: the chosen ones, by numbers from the signal.

    code = Code(layer.space, layer.ranged)
    code.encode(Choice(2, (0, 3)))          # [2, 0, 2, 2, 1, 0, 3] for inputs 0 and 3 of four
    chosen_inputs(layer, code, numbers)     # [input 0, input 3]; for a range, both stacked on axis 0

What is not chosen reaches nothing. Each place of a list is a merge of what the inputs send there, and what is missing
in a stack is empty. So an input that is not chosen may even be dead. Its gradient is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.carry import carry
from nascompile_runtime.graph.gradients import Gradient, dense, merge_once, zeros_of
from nascompile_runtime.graph.switching import Tensor, describe, helper_scope, is_trainable, merge, switch_n
from nascompile_runtime.layer import Layer, LayerError, LayerSpace


@dataclass(frozen=True, slots=True)
class Code:
    """How the numbers of a layer in the signal tell its choice.

    The candidate's position comes first. Where there is something to choose among the inputs, there follow for each of
    them, with a range: whether it is chosen, and its place among the chosen. With a fixed size: its place, or the size
    if it is not chosen; and then for each place the position of its input.
    """

    space: LayerSpace
    ranged: bool

    @property
    def chooses_inputs(self) -> bool:
        """Whether there is a choice among the inputs: not all of them, nor none."""
        low, high = self.space.sizes
        return high > 0 and low < len(self.space.inputs)

    @property
    def is_trivial(self) -> bool:
        """Whether there is nothing to choose at all."""
        return len(self.space.candidates) == 1 and not self.chooses_inputs

    def encode(self, choice: Choice) -> list[int]:
        """The numbers of a choice."""
        if not self.chooses_inputs:
            return [choice.candidate]
        everyone = range(len(self.space.inputs))
        place = {position: place for place, position in enumerate(choice.inputs)}
        if self.ranged:
            return [
                choice.candidate,
                *(int(each in place) for each in everyone),
                *(place.get(each, 0) for each in everyone),
            ]
        return [choice.candidate, *(place.get(each, len(choice.inputs)) for each in everyone), *choice.inputs]


def chosen_inputs(layer: Layer, code: Code, numbers: Sequence[Tensor]) -> Any:
    """The chosen optional inputs in declared order: a list, or one tensor `[number of chosen, ...]` for a range.

    `numbers` are the layer's in the signal, as scalars.

    Raises:
        LayerError: an input is no tensor, or the inputs differ in dtype, or in shape where they are stacked.
    """
    low, high = code.space.sizes
    if not code.space.inputs or (high == 0 and not code.ranged):
        return []
    if not code.chooses_inputs and not code.ranged:
        return list(layer.optional_inputs)
    tensors = _alike(layer)
    count = len(tensors)
    with helper_scope():
        if not code.ranged:
            return _listed(tensors, numbers[1 : count + 1], numbers[count + 1 :])
        if not code.chooses_inputs:
            return tf.stack(tensors) if high else _empty(tensors)
        stacked = _stacked(tensors, numbers[1 : count + 1], numbers[count + 1 :])
        if low == high:
            stacked.set_shape([low, *[None] * (stacked.shape.rank - 1)] if stacked.shape.rank else None)
        return stacked


def _listed(tensors: Sequence[Tensor], places: Sequence[Tensor], positions: Sequence[Tensor]) -> list[Tensor]:
    """A tensor for each place. `places` are those of the inputs, `positions` the inputs' at the places."""
    ways = [switch_n(tensor, place, len(positions) + 1) for tensor, place in zip(tensors, places, strict=True)]
    values = [merge([way[place] for way in ways]) for place in range(len(positions))]

    def gradient(gradients: list[Gradient | None]) -> list[Gradient]:
        filled = [
            tf.zeros_like(value) if each is None else dense(each) for each, value in zip(gradients, values, strict=True)
        ]
        back = [switch_n(each, position, len(tensors)) for each, position in zip(filled, positions, strict=True)]
        return [
            merge_once([*(each[number] for each in back), zeros_of(ways[number][-1])]) for number in range(len(tensors))
        ]

    return _carried(values, tensors, gradient)


def _stacked(tensors: Sequence[Tensor], chosen: Sequence[Tensor], places: Sequence[Tensor]) -> Tensor:
    ways = [switch_n(tensor, is_chosen, 2) for tensor, is_chosen in zip(tensors, chosen, strict=True)]
    empty = _empty(tensors)
    parts = [
        merge([tf.expand_dims(way[1], 0), switch_n(empty, is_chosen, 2)[0]])
        for way, is_chosen in zip(ways, chosen, strict=True)
    ]

    def gradient(gradients: list[Gradient | None]) -> list[Gradient]:
        (stacked,) = (dense(each) for each in gradients)
        return [
            merge_once([switch_n(stacked, is_chosen, 2)[1][place], zeros_of(way[0])])
            for way, is_chosen, place in zip(ways, chosen, places, strict=True)
        ]

    return _carried([tf.concat(parts, axis=0)], tensors, gradient)[0]


def _carried(
    values: list[Tensor], tensors: Sequence[Tensor], gradient: Callable[[list[Gradient | None]], list[Gradient]]
) -> list[Tensor]:
    return carry(values, tensors, gradient) if is_trainable(values[0]) else values


def _alike(layer: Layer) -> list[Tensor]:
    tensors = []
    for name, value in zip(layer.space.inputs, layer.optional_inputs, strict=True):
        try:
            tensors.append(tf.convert_to_tensor(value))
        except (TypeError, ValueError) as error:
            raise LayerError(f"{layer.space}: the optional input {name!r} is {value!r}, which is no tensor") from error
    for name, tensor in zip(layer.space.inputs, tensors, strict=True):
        same_shape = not layer.ranged or tensor.shape.is_compatible_with(tensors[0].shape)
        if tensor.dtype.base_dtype != tensors[0].dtype.base_dtype or not same_shape:
            raise LayerError(
                f"{layer.space}: a candidate may get any of the optional inputs, so they must be alike, but "
                f"{layer.space.inputs[0]!r} is {describe(tensors[0])} and "
                f"{name!r} is {describe(tensor)}"
            )
    return tensors


def _empty(tensors: Sequence[Tensor]) -> Tensor:
    """A stack of none of them, `[0, ...]`."""
    shape = tensors[0].shape
    for tensor in tensors[1:]:
        shape = shape.merge_with(tensor.shape)
    size = shape.as_list() if shape.is_fully_defined() else tf.shape(tensors[0])
    empty = tf.zeros(tf.concat([[0], size], axis=0), tensors[0].dtype)
    empty.set_shape([0, *shape] if shape.rank is not None else None)
    return empty
