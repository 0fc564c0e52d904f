"""Short ways for tests to build layers of the modes that sum all candidates, and to give architectures of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nascompile_runtime.layer import candidate

v1 = tf.compat.v1
X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)


def dense(inputs: list[Any], seed: int) -> Any:
    """A candidate with a weight of its own, on the sum of all that it is given."""
    fixed, optional = inputs
    total = sum(fixed) if optional == [] else sum(fixed) + tf.reduce_sum(optional, axis=0)
    return tf.tanh(total @ v1.get_variable("w", [4, 4], initializer=v1.glorot_uniform_initializer(seed)))


def dense_layer(
    build: Any, name: str, fixed: list[Any], optional: dict[str, Any], size: Any, candidates: int = 3
) -> Any:
    """A layer of `dense` candidates, by a mode's function."""
    return build(
        "b",
        name,
        layer_choice=[candidate(f"dense({i})", f"{name}/dense_{i}", dense, i) for i in range(candidates)],
        fixed_inputs=fixed,
        optional_inputs=optional,
        optional_input_size=size,
    )


def single_layer(build: Any, function: Any, **changes: Any) -> Any:
    """A layer of one candidate, by a mode's function."""
    return build("b", "h", layer_choice=[candidate("f()", "h/f", function)], **changes)


def give(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *architectures: dict[str, tuple[int, list[str]]]) -> None:
    """Give architectures of `dense` layers: of each layer the number of its candidate, and its inputs."""
    path = tmp_path / "given.json"
    path.write_text(
        json.dumps(
            [
                {"b": {name: {"chosen_layer": f"dense({i})", "chosen_inputs": xs} for name, (i, xs) in each.items()}}
                for each in architectures
            ]
        )
    )
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
