"""The outputs of a layer's candidates: alike, or an error that says how they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.switching import Tensor, describe
from nascompile_runtime.graph.helpers import untouched
from nascompile_runtime.layer import LayerError


@dataclass(frozen=True, slots=True)
class Output:
    """What a candidate returned: its structure, and the tensors in it; None stays None."""

    structure: Any
    tensors: list[Tensor | None]

    @classmethod
    def of(cls, returned: Any, name: str) -> Output:
        """Make tensors of all that can be one: variables, numbers, arrays.

        Raises:
            LayerError: something in it cannot.
        """
        tensors = []
        for value in tf.nest.flatten(returned, expand_composites=True):
            try:
                with untouched():
                    tensors.append(None if value is None else tf.convert_to_tensor(value))
            except (TypeError, ValueError) as error:
                reason = str(error).partition("\n")[0]  # Keras goes on with how its own layers are written
                raise LayerError(f"{name} returns {value!r:.100}, which is no tensor: {reason}") from None
        return cls(returned, tensors)

    def map(self, function: Callable[[Tensor], Tensor]) -> Output:
        """The output with a function applied to its tensors."""
        return Output(self.structure, [None if each is None else function(each) for each in self.tensors])

    def packed(self, tensors: Sequence[Tensor | None]) -> Any:
        """Other tensors in this structure."""
        return tf.nest.pack_sequence_as(self.structure, list(tensors), expand_composites=True)


def check_alike(outputs: Sequence[Output], names: Sequence[str], where: str) -> None:
    """Check that every candidate's output can stand for every other's.

    Raises:
        LayerError: they differ in structure, in a dtype or in a static shape; unknown dimensions fit all.
    """
    for position, output in enumerate(outputs):
        for earlier in range(position):
            difference = _difference(outputs[earlier], output)
            if difference:
                raise LayerError(
                    f"{where}: the outputs of its candidates differ in {difference}: {names[earlier]!r} gives "
                    f"{_describe(outputs[earlier])}, {names[position]!r} gives {_describe(output)}"
                )


def _difference(one: Output, other: Output) -> str | None:
    try:
        tf.nest.assert_same_structure(one.structure, other.structure, expand_composites=True)
    except (TypeError, ValueError):
        return "structure"
    for mine, theirs in zip(one.tensors, other.tensors, strict=True):
        if mine is None or theirs is None:
            if mine is not theirs:
                return "structure"
        elif mine.dtype.base_dtype != theirs.dtype.base_dtype:
            return "dtype"
        elif not mine.shape.is_compatible_with(theirs.shape):
            return "shape"
    return None


def _describe(output: Output) -> str:
    tensors = ["None" if each is None else describe(each) for each in output.tensors]
    if tf.nest.is_nested(output.structure):
        return f"a {type(output.structure).__name__} of {', '.join(tensors) or 'nothing'}"
    return ", ".join(tensors)
