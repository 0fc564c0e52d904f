"""The masks that layers of tf_keras (`Embedding(mask_zero=True)`, `Masking`) hang on tensors, past a mutable layer.

masks = KerasMasks(layer)
for candidate in layer.candidates:
    outputs.append(masks.take(candidate.build(inputs)))
output = masks.give(merge(outputs))         # has the mask that all the candidates' outputs have
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.layer import Layer, LayerError

_MASK = "_keras_mask"


class KerasMasks:
    """The masks of the outputs of a layer's candidates."""

    def __init__(self, layer: Layer) -> None:
        """Raises LayerError where an optional input has a mask: which one is chosen changes, and the mask would not."""
        self._space = layer.space
        self._taken: list[list[Any]] = []
        for name, value in zip(layer.space.inputs, layer.optional_inputs, strict=True):
            if mask_of(value) is not None:
                raise LayerError(
                    f"{layer.space}: the optional input {name!r} has a mask of Keras, which would be lost on the "
                    "way; give the mask to the candidates as a fixed input, and call Keras layers with mask=..."
                )

    def take(self, output: Any) -> Any:
        """Note the masks of what a candidate returned. Returns the output."""
        self._taken.append([mask_of(value) for value in tf.nest.flatten(output)])
        return output

    def give(self, output: Any) -> Any:
        """Hang the masks on the output of the layer. Returns the output.

        Raises:
            LayerError: the candidates' outputs have different masks.
        """
        for value, masks in zip(tf.nest.flatten(output), zip(*self._taken, strict=True), strict=True):
            if any(mask is not masks[0] for mask in masks):
                raise LayerError(
                    f"{self._space}: the outputs of its candidates have different masks of Keras, or some have none; "
                    "return the mask beside the output, and call Keras layers behind with mask=..."
                )
            copy_mask(masks[0], [value])
        return output


def mask_of(value: Any) -> Any:
    """The mask of a tensor, None where it has none."""
    return getattr(value, _MASK, None)


def copy_mask(mask: Any, tensors: Sequence[Any]) -> None:
    """Hang a mask, if there is one, on tensors."""
    for tensor in tensors if mask is not None else ():
        setattr(tensor, _MASK, mask)
