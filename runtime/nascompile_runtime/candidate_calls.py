"""Calling a candidate: when that fails, its user is told which one it is, of which layer, and how it is called.

    LayerError: layer 'h1' of block 'trial': candidate 'dense(x, units=16)' is called as dense(inputs, x, units=16),
    with inputs = [fixed_inputs, chosen_optional_inputs]: multiple values for argument 'units' (trial.py:10 defines it)

An error inside of the candidate stays what it is, with its traceback into the user's code and a note of ours below.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

from nascompile_runtime.layer import Candidate, Layer, LayerError


def build_candidate(layer: Layer, candidate: Candidate, inputs: list[Any]) -> Any:
    """What a candidate of a layer makes of `inputs`, which is `[fixed_inputs, chosen_optional_inputs]`.

    Raises:
        LayerError: its function cannot be called so.
        Exception: whatever the function raises, with a note.
    """
    try:
        return candidate.build(inputs)
    except Exception as error:
        mismatch = _mismatch(candidate, inputs) if isinstance(error, TypeError) else None
        if mismatch is None:
            _add_note(error, _note(layer, candidate))
            raise
    raise LayerError(f"{layer.space}: {_call(candidate)}: {mismatch}{_hint(mismatch)}")


def _mismatch(candidate: Candidate, inputs: list[Any]) -> str | None:
    """Why the function of a candidate cannot be called with its arguments; None if it can, or nobody knows."""
    if not callable(candidate.function):
        return f"{type(candidate.function).__name__} {candidate.function!r:.60} is no function"
    try:
        signature = inspect.signature(candidate.function)
    except (TypeError, ValueError):  # some that are written in C have none
        return None
    try:
        signature.bind(inputs, *candidate.args, **candidate.kwargs)
    except TypeError as error:
        return f"{error}{_definition(candidate.function)}"
    return None


def _definition(function: Callable[..., Any]) -> str:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return f" ({code.co_filename}:{code.co_firstlineno} defines it)" if code else ""


def _hint(mismatch: str) -> str:
    if mismatch.startswith(("multiple values", "too many positional")):
        return "; leave the inputs out of the candidate, it gets them as its first argument"
    if mismatch.startswith("missing a required"):
        return "; give what it lacks in the candidate, behind the inputs, which are one argument"
    return ""


def _note(layer: Layer, candidate: Candidate) -> str:
    low, high = layer.space.sizes
    optional = str(high) if low == high else f"{low} to {high}"
    note = f"{layer.space}: {_call(candidate)}, here {len(layer.fixed_inputs)} fixed and {optional} optional ones"
    if not layer.fixed_inputs and not layer.optional_inputs:
        note += "; does its annotation lack `fixed_inputs`?"
    return note


def _call(candidate: Candidate) -> str:
    function, arguments = _split(candidate.name)
    call = f"{function}(inputs{', ' if arguments else ''}{arguments})"
    return f"candidate {candidate.name!r} is called as {call}, with inputs = [fixed_inputs, chosen_optional_inputs]"


def _split(name: str) -> tuple[str, str]:
    """The function and the arguments in a candidate's source, by the bracket that its last one closes."""
    depth = 0
    for position in range(len(name) - 1, -1, -1):
        depth += (name[position] == ")") - (name[position] == "(")
        if depth == 0:
            return name[:position], name[position + 1 : -1]
    return name, ""


def _add_note(error: Exception, note: str) -> None:
    if sys.version_info >= (3, 11):
        error.add_note(note)
    elif len(error.args) == 1 and isinstance(error.args[0], str):
        error.args = (f"{error.args[0]}\n{note}",)
