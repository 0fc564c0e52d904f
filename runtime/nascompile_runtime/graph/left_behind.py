"""What candidates leave in lists of the code around them: one value for the layer, as in a sub-graph, not one for each.

    layers = [stem]

    def conv(inputs):
        out = ...
        layers.append(out)                     # by hand, the output of the candidate that was chosen
        return out

    left = LeftBehind(layer.candidates)
    for candidate in layer.candidates:
        outputs.append(left.take(candidate.build(inputs)))      # from now on, `layers` is as it was before
    output = left.give(merge(outputs))                          # and now it ends with the output of the layer

Only what a candidate also returns is known to have a counterpart in the other candidates. All else stays as it is.
"""

from __future__ import annotations

import functools
import operator
import types
from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.layer import Candidate

_LIBRARIES = {"tensorflow", "tf_keras", "keras", "numpy", "nascompile_runtime"}


class LeftBehind:
    """The lists that the candidates can reach by their closures, arguments, objects and modules."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        lists = {id(found): found for candidate in candidates for found in _reachable_lists(candidate)}
        self._lists = [_List(found) for found in lists.values()]

    def take(self, output: Any) -> Any:
        """Note what the candidate that returned this has left, and take it away. Returns the output."""
        tensors = tf.nest.flatten(output)
        for found in self._lists:
            found.take(tensors)
        return output

    def give(self, output: Any) -> Any:
        """Leave behind the same of the layer's output. Returns the output."""
        tensors = tf.nest.flatten(output)
        for found in self._lists:
            found.give(tensors)
        return output


class _List:
    """A list, and which of its outputs each candidate has added to it, by their positions."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._count = len(values)
        self._last = values[-1:]
        self._added: list[list[Any]] = []
        self._positions: list[list[int | None]] = []
        self._is_followed = True

    def take(self, outputs: Sequence[Any]) -> None:
        """Take away what was added, if it is of the candidate's outputs, the same ones as of earlier candidates."""
        if not self._is_followed:
            return
        added = self._values[self._count :]
        positions = [_position(value, outputs) for value in added]
        self._added.append(added)
        self._positions.append(positions)
        is_alike = None not in positions and positions == self._positions[0]
        if is_alike and self._is_as_before():
            del self._values[self._count :]
        else:
            # Nothing is known of such a list, so it holds what all candidates have left.
            self._is_followed = False
            self._values[self._count : self._count] = [value for earlier in self._added[:-1] for value in earlier]

    def give(self, outputs: Sequence[Any]) -> None:
        """Add those of the outputs that the candidates have added."""
        if self._is_followed and self._positions:
            self._values.extend(outputs[position] for position in self._positions[0] if position is not None)

    def _is_as_before(self) -> bool:
        """Whether it was only added to. A long list is not compared as a whole for each candidate."""
        last = self._values[: self._count][-1:]
        return len(self._values) >= self._count and all(map(operator.is_, last, self._last))


def _position(value: Any, outputs: Sequence[Any]) -> int | None:
    return next((position for position, output in enumerate(outputs) if output is value), None)


def _reachable_lists(candidate: Candidate) -> Iterator[list[Any]]:
    seen: set[int] = set()
    waiting: list[Any] = [candidate.function, *candidate.args, *candidate.kwargs.values()]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) is list:
            yield value
        elif isinstance(value, types.FunctionType):
            waiting += _used_by(value)
        elif isinstance(value, types.MethodType):
            waiting += [value.__func__, value.__self__]
        elif isinstance(value, functools.partial):
            waiting += [value.func, *value.args, *value.keywords.values()]
        elif not isinstance(value, types.ModuleType) and _is_own(type(value)):
            waiting += [held for held in getattr(value, "__dict__", {}).values() if type(held) is list]


def _used_by(function: types.FunctionType) -> list[Any]:
    if not _is_own(function):
        return []
    used = [function.__globals__.get(name) for name in function.__code__.co_names]
    for cell in function.__closure__ or ():
        try:
            used.append(cell.cell_contents)
        except ValueError:  # a name that is bound only later
            continue
    return used


def _is_own(code: Any) -> bool:
    """Whether a function or a class is the user's."""
    return str(getattr(code, "__module__", "")).partition(".")[0] not in _LIBRARIES
