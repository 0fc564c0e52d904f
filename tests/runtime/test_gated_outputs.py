"""Outputs of candidates that oneshot and darts can sum, and those of which there is no sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from nascompile_runtime.graph import darts, oneshot
from nascompile_runtime.layer import LayerError


@pytest.mark.parametrize(("mode", "build"), [(oneshot, oneshot.dropout_sum), (darts, darts.weighted_sum)])
@pytest.mark.parametrize("dtype", [tf.bool, tf.string])
def test_outputs_without_a_sum_are_refused(graph: Any, mode: Any, build: Callable[..., Any], dtype: Any) -> None:
    def answer(inputs: Any) -> Any:
        return inputs[0][0], tf.zeros([2], dtype)

    candidates = [mode.candidate(f"{name}()", name, answer) for name in "ab"]
    message = rf"layer 'h' of block 'net': its candidates are summed, and 'a\(\)', 'b\(\)' give {dtype.name}"
    with pytest.raises(LayerError, match=message):
        build("net", "h", layer_choice=candidates, fixed_inputs=[tf.ones([2])])
