"""Masks of tf_keras, an attribute of a tensor, pass a mutable layer, or it says that they do not."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from nascompile_runtime.graph import darts, enas, oneshot
from nascompile_runtime.layer import LayerError

MODES = [(enas, enas.conditional), (oneshot, oneshot.dropout_sum), (darts, darts.weighted_sum)]


def masked() -> tuple[Any, Any]:
    x, mask = tf.ones([2, 3]), tf.constant([True, False])
    x._keras_mask = mask
    return x, mask


def passing(inputs: Any) -> Any:
    """As a layer of Keras that supports masking does it."""
    output = inputs[0][0] * 2.0
    output._keras_mask = inputs[0][0]._keras_mask
    return output


def without(inputs: Any) -> Any:
    return inputs[0][0] * 3.0


@pytest.mark.parametrize(("mode", "build"), MODES)
@pytest.mark.parametrize("count", [1, 2])
def test_a_mask_passes(graph: Any, mode: Any, build: Any, count: int) -> None:
    x, mask = masked()
    candidates = [mode.candidate(f"f{number}()", f"f{number}", passing) for number in range(count)]
    h = build("net", "h", layer_choice=candidates, fixed_inputs=[x])
    assert h._keras_mask is mask


@pytest.mark.parametrize(("mode", "build"), MODES)
def test_masks_that_differ_are_refused(graph: Any, mode: Any, build: Any) -> None:
    candidates = [mode.candidate("f()", "f", passing), mode.candidate("g()", "g", without)]
    with pytest.raises(LayerError, match=r"layer 'h' of block 'net': the outputs .* different masks"):
        build("net", "h", layer_choice=candidates, fixed_inputs=[masked()[0]])


@pytest.mark.parametrize(("mode", "build"), MODES)
def test_a_mask_of_an_optional_input_is_refused(graph: Any, mode: Any, build: Any) -> None:
    candidates = [mode.candidate("f()", "f", lambda inputs: inputs[1][0])]
    with pytest.raises(LayerError, match="the optional input 'x' has a mask"):
        build("net", "h", layer_choice=candidates, optional_inputs={"x": masked()[0]}, optional_input_size=1)
