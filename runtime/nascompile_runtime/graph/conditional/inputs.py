"""The optional inputs that a layer's candidates get: the chosen ones, by numbers from the signal.

    code = Code(layer.space, layer.ranged)
    code.encode(Choice(2, (0, 3)))          # [2, 0, 2, 2, 1, 0, 3] for inputs 0 and 3 of four
    chosen_inputs(layer, code, numbers)     # [input 0, input 3]; for a range, both stacked on axis 0

What is not chosen reaches nothing. Each place of a list is a merge of what the inputs send there, and what is missing
in a stack is empty. So an input that is not chosen may even be dead, as the output of a layer that nobody needs
(`needs`). Its gradient is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import record

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.conditional.presence import Alternatives
from nascompile_runtime.graph.conditional.routes import concat_options, merge_options, pad_options, switch_option
from nascompile_runtime.graph.conditional.single import make_skippable
from nascompile_runtime.graph.conditional.switching import Tensor, describe, helper_scope, state_of, switch_n
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

    def encode(self, choice: Choice | None) -> list[int]:
        """The numbers of a choice; None for no candidate and no inputs."""
        count = len(self.space.inputs)
        if choice is None:
            places = [0] * 2 * count if self.ranged else [self.space.sizes[0]] * count + [count] * self.space.sizes[0]
            return [len(self.space.candidates), *(places if self.chooses_inputs else [])]
        if not self.chooses_inputs:
            return [choice.candidate]
        everyone = range(count)
        place = {position: place for place, position in enumerate(choice.inputs)}
        if self.ranged:
            return [
                choice.candidate,
                *(int(each in place) for each in everyone),
                *(place.get(each, 0) for each in everyone),
            ]
        return [choice.candidate, *(place.get(each, len(choice.inputs)) for each in everyone), *choice.inputs]


def passed_inputs(layer: Layer, code: Code, numbers: Sequence[Tensor]) -> list[Any]:
    """What the lists of the candidates are made of: their tensors, or where these stand stacked, what `Chosen` takes.

    That is the stack, what tells how many are chosen, if that may differ, and then the places.
    """
    chosen = chosen_inputs(layer, code, numbers)
    if isinstance(chosen, list):
        return chosen
    low, high = code.space.sizes
    with helper_scope():
        if low == high:
            return [chosen, None, *tf.unstack(chosen, num=high)]
        # The shape of the stack would tell as well, if an optimised graph did not take it for what it may be.
        count = tf.add_n(list(numbers[1 : 1 + len(code.space.inputs)]))
        places = tf.unstack(pad_options(chosen, count, high), num=high)
    around = (state_of(count.graph).building or [None])[-1]
    return [chosen, Alternatives(count, high + 1, around, {}), *places]


def chosen_inputs(layer: Layer, code: Code, numbers: Sequence[Tensor]) -> Any:
    """The chosen optional inputs in declared order: a list, or one tensor `[number of chosen, ...]` if that may differ.

    `numbers` are the layer's in the signal, as scalars.

    Raises:
        LayerError: an input is no tensor, or the inputs differ in dtype, or in shape where they are stacked.
    """
    _, high = code.space.sizes
    if not code.space.inputs or (high == 0 and not code.ranged):
        return []
    if not code.chooses_inputs and not code.ranged:
        return list(layer.optional_inputs)
    tensors = _alike(layer)
    if not code.chooses_inputs and high:
        return tensors
    if code.chooses_inputs:
        for tensor in tensors:
            make_skippable(tensor)
    with helper_scope():
        if not code.chooses_inputs:
            return _empty(tensors)
        with record.stop_recording():
            chosen = _chosen(tensors, code, numbers[1:])
    values = chosen if isinstance(chosen, list) else [chosen]

    def backward(*gradients: Any) -> list[Any]:
        # An input may be computed from another one; the tape itself follows that.
        found: list[Any] = tf.gradients(values, tensors, grad_ys=list(gradients), stop_gradients=tensors)
        return found

    record.record_operation("NascompileInputs", values, tensors, backward)
    return chosen


def _chosen(tensors: Sequence[Tensor], code: Code, numbers: Sequence[Tensor]) -> Any:
    count = len(tensors)
    ways = []
    for position, (tensor, number) in enumerate(zip(tensors, numbers[:count], strict=True)):
        ways.append(switch_option(tensor, number, 2 if code.ranged else code.space.sizes[1] + 1))
        state_of(tensor.graph).options[ways[-1][0].op] = code.space.key, position
    if not code.ranged:
        return _listed(tensors, ways, numbers[count:])
    stacked = _stacked(tensors, ways, numbers[:count])
    low, high = code.space.sizes
    if low == high:
        stacked.set_shape(None if stacked.shape.rank is None else [low, *[None] * (stacked.shape.rank - 1)])
    return stacked


def _listed(tensors: Sequence[Tensor], ways: Sequence[list[Tensor]], positions: Sequence[Tensor]) -> list[Tensor]:
    """A tensor for each place. `positions` are those of the inputs at the places."""
    count = len(tensors)
    values = []
    for number, position in enumerate(positions):
        # A scalar stands at the places of a layer that does not run, so that what runs beside it has no dead input.
        blank = switch_n(tf.zeros([], tensors[0].dtype), position, count + 1)[-1]
        parts = [*(way[number] for way in ways), blank]
        values.append(merge_options(parts, partial(_to_place, position, count)))
        values[-1].set_shape(_common_shape(tensors))
    return values


def _stacked(tensors: Sequence[Tensor], ways: Sequence[list[Tensor]], chosen: Sequence[Tensor]) -> Tensor:
    empty = _empty(tensors)
    parts = []
    for (_, way), is_chosen in zip(ways, chosen, strict=True):
        part = [switch_n(empty, is_chosen, 2)[0], tf.expand_dims(way, 0)]
        parts.append(merge_options(part, partial(_to_stack, is_chosen)))
    return concat_options(parts, chosen)


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


def _to_place(position: Tensor, count: int, gradient: Tensor) -> list[Tensor | None]:
    return [*switch_n(gradient, position, count + 1)[:-1], None]


def _to_stack(is_chosen: Tensor, gradient: Tensor) -> list[Tensor | None]:
    return [None, switch_n(gradient, is_chosen, 2)[1]]


def _common_shape(tensors: Sequence[Tensor]) -> tf.TensorShape:
    """What the static shapes have in common."""
    shape = tensors[0].shape
    for tensor in tensors[1:]:
        shape = shape.most_specific_compatible_shape(tensor.shape)
    return shape


def _empty(tensors: Sequence[Tensor]) -> Tensor:
    """A stack of none of them, `[0, ...]`."""
    shape = tensors[0].shape
    for tensor in tensors[1:]:
        shape = shape.merge_with(tensor.shape)
    if shape.is_fully_defined():
        return tf.zeros([0, *shape.as_list()], tensors[0].dtype)
    # Whoever tells its shape has to run, so better none that need not.
    outputs = {id(output) for each in state_of(tensors[0].graph).outputs.values() for output in each}
    size = tf.shape(next((tensor for tensor in tensors if id(tensor) not in outputs), tensors[0]))
    empty = tf.zeros(tf.concat([[0], size], axis=0), tensors[0].dtype)
    empty.set_shape([0, *shape] if shape.rank is not None else None)
    return empty
