"""The options of a compiled trial, from the environment.

NASCOMPILE_CONFIG='{"controller": "random", "seed": 7}' python trial.py
NASCOMPILE_CONFIG=search.json python trial.py
"""

from __future__ import annotations

import json
import os
import re
from typing import Annotated, Literal

import msgspec

from nascompile_runtime.architecture import did_you_mean, unique

VARIABLE = "NASCOMPILE_CONFIG"


class OptionsError(ValueError):
    """Options that cannot be read, or that say something they cannot."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a trial may be told about its search; each option has a default that works."""

    controller: str = "random"
    """Who proposes architectures where no experiment does."""
    seed: int = 0
    """The start of every random stream of the runtime."""
    optimize_mode: Literal["maximize", "minimize"] = "maximize"
    """Whether a good final result is a high or a low one."""
    checkpoint: str = ""
    """A file that keeps the search, so that the next trial goes on with it; without, it ends with the process."""
    learning_rate: Annotated[float, msgspec.Meta(gt=0)] = 0.05
    """reinforce: the size of a step of Adam on the logits."""
    entropy_weight: Annotated[float, msgspec.Meta(ge=0)] = 0.0001
    """reinforce: what a nat of a decision's entropy is worth, in units of the reward."""
    baseline_decay: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.95
    """reinforce: how much of the average of earlier rewards stays at a new one."""
    warmup_steps: Annotated[int, msgspec.Meta(ge=0)] = 100
    """reinforce: over how many rewards the learning rate rises from 0."""
    population_size: Annotated[int, msgspec.Meta(ge=1)] = 100
    """evolution: how many of the latest rewarded architectures live; as many proposals are uniform at first."""
    tournament_size: Annotated[int, msgspec.Meta(ge=1)] = 25
    """evolution: how many of the living compete to be a parent."""
    r: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.01
    """oneshot: the probability that all optional inputs of a layer are dropped in a step."""
    ramp_steps: Annotated[int, msgspec.Meta(ge=0)] = 0
    """oneshot: over how many training updates that probability rises from 0 to `r`."""
    drop_candidates: bool = False
    """oneshot: whether candidates are dropped by the same rule, without which scores of sub-graphs mean little."""
    arch_learning_rate: Annotated[float, msgspec.Meta(gt=0)] = 3e-4
    """darts: the learning rate of the architecture weights, which Adam trains; this and the next as in the paper."""
    arch_beta1: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.5
    """darts: the decay of Adam's first moment."""
    arch_beta2: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.999
    """darts: the decay of Adam's second moment."""
    arch_weight_decay: Annotated[float, msgspec.Meta(ge=0)] = 1e-3
    """darts: how much of an architecture weight is added to its gradient."""
    unrolled: bool = False
    """darts: whether a step looks through a step of the model's own weights, the second order of the paper."""
    unrolled_learning_rate: Annotated[float, msgspec.Meta(gt=0)] = 0.025
    """darts: the learning rate of that step, xi in the paper, and best the one that the weights are trained with."""
    history_every: Annotated[int, msgspec.Meta(ge=0)] = 10
    """darts: after how many updates the architecture weights are recorded each time; 0 for never."""


def read_options() -> Options:
    """The options that `NASCOMPILE_CONFIG` holds, as JSON text or in the JSON file that it names.

    Raises:
        OptionsError: the file or the JSON cannot be read, a key is unknown, or a value is none that the key can have.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if not given:
        return Options()
    text, origin = (given, VARIABLE) if given.startswith(("{", "[")) else (_read(given), given)
    try:
        options = msgspec.json.decode(text, type=Options)
    except msgspec.DecodeError as error:  # also a mistyped or unknown key: ValidationError is a DecodeError
        raise OptionsError(f"{origin}: {error}{_hint(str(error))}") from None
    try:
        json.loads(text, object_pairs_hook=unique)  # msgspec takes the last of two values
    except ValueError as error:
        raise OptionsError(f"{origin}: {error}") from None
    return options


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise OptionsError(f"{VARIABLE}: cannot read {path!r}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise OptionsError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from None


def _hint(message: str) -> str:
    unknown = re.search(r"unknown field `(.*)`", message)
    known = Options.__struct_fields__
    return f"; the options are {', '.join(known)}{did_you_mean(unknown[1], known)}" if unknown else ""
