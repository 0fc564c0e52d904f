"""The history of the architecture weights, as lines of JSON in the file that `NASCOMPILE_RESULTS` names.

    {"type": "architecture_weights", "sequence": 20, "time": 1718000000.5,
     "weights": {"trial/Net.build": {"h1": {"layer_choice": {"conv(size=1)": 0.48, "conv(size=3)": 0.52},
                                            "optional_inputs": {"a": 0.31, "b": 0.69}}}},
     "architecture": {"trial/Net.build": {"h1": {"chosen_layer": "conv(size=3)", "chosen_inputs": ["b"]}}}}

The weights are what the paths are multiplied with, and the architecture is what they are read as.
"""

from __future__ import annotations

import time
from typing import Any

from nascompile_runtime import reports
from nascompile_runtime.architecture import to_json
from nascompile_runtime.fingerprint import fingerprint
from nascompile_runtime.graph.signal import Session
from nascompile_runtime.graph.weighted_sum.reading import Reading, read_weights
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.records import append_record, is_recording


def record(session: Session, updates: int) -> None:
    """Record the architecture weights of a session after so many updates; without a file for it, do nothing.

    Raises:
        OSError: the file cannot be written.
    """
    if not is_recording():
        return
    readings = read_weights(session)
    weights: dict[str, Any] = {}
    for space, reading in readings.items():
        weights.setdefault(space.block, {})[space.layer] = _by_name(space, reading)
    chosen = to_json((space, reading.choice) for space, reading in readings.items())
    append_record(
        {
            "type": "architecture_weights",
            "sequence": updates,
            "weights": weights,
            "architecture": {**fingerprint(readings), **chosen},
            "time": time.time(),
        }
    )


def _by_name(space: LayerSpace, reading: Reading) -> dict[str, dict[str, float | None]]:
    named = {
        "layer_choice": zip(space.candidates, reading.candidate_factors, strict=False),
        "optional_inputs": zip(space.inputs, reading.input_factors, strict=False),
    }
    return {field: {name: reports.finite(number) for name, number in pairs} for field, pairs in named.items()}
