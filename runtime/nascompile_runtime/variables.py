"""Sampled variables: NNI's ten functions, drawn from their distributions, and values checked against them.

    VariableSpace("trial/lr/loguniform", "loguniform", (0.0001, 0.1)).draw(seed=0, request=0)

The formulas are those of NNI's documentation of search spaces, with `u` from a uniform and `n` from a normal
distribution; rounding is to the nearest, halves to even:

    choice      one of the options                 normal      n(mu, sigma)
    randint     lower <= value < upper             qnormal     round(n(mu, sigma) / q) * q
    uniform     u(low, high)                       lognormal   exp(n(mu, sigma))
    quniform    clip(round(uniform / q) * q)       qlognormal  round(exp(n(mu, sigma)) / q) * q
    loguniform  exp(u(log(low), log(high)))        qloguniform clip(round(loguniform / q) * q)

Each variable is drawn from its own stream, seeded by the seed, the request and the key, so a value depends neither on
the other variables nor on the controller. `nascompile.variable_space` checks values with code of its own.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from nascompile_runtime.architecture import ArchitectureError, did_you_mean
from nascompile_runtime.lookup import Lookup, Unknowable

if TYPE_CHECKING:
    from numpy.random import Generator

Plain: TypeAlias = "str | int | float | bool | None"
"""A value that JSON writes as it is: a number that was drawn, or the name of an option."""

_TOLERANCE = 1e-9  # relative: tuners reckon in floats, and `exp(log(high))` may lie above `high`


@dataclass(frozen=True, slots=True)
class VariableSpace:
    """What an architecture decides about a variable: how it is sampled, with names of options, or with numbers."""

    key: str
    function: str
    arguments: tuple[Plain, ...]

    def __str__(self) -> str:
        return f"variable {self.key!r}"

    @property
    def numbers(self) -> tuple[float, ...]:
        """The arguments of a function that is no choice."""
        return tuple(each for each in self.arguments if isinstance(each, (int, float)))

    def draw(self, seed: int, request: int) -> Plain:
        """A value from the distribution, the same for the same seed, request and variable in every process."""
        # A trial that is given its values never gets here and never pays for the import.
        from numpy.random import default_rng

        # `hash` differs from process to process.
        identity = json.dumps([seed, request, "variable", self.key])
        rng = default_rng(int.from_bytes(hashlib.sha256(identity.encode()).digest(), "big"))
        if self.function == "choice":
            return self.arguments[int(rng.integers(len(self.arguments)))]
        return _draw(self.function, self.numbers, rng)

    def checked(self, value: object) -> Plain:
        """A value as this variable has it: numbers in their type, which JSON does not always keep.

        Raises:
            ArchitectureError: the variable cannot have it; the message names the variable and what is allowed.
        """
        if self.function == "choice":
            for option in self.arguments:
                if _is_same(value, option):
                    return option
            options = ", ".join(repr(each) for each in self.arguments)
            near = did_you_mean(value, [each for each in self.arguments if isinstance(each, str)])
            raise ArchitectureError(f"{self}: {value!r:.80} is not one of {options}{near}")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self._can_be(value):
            raise ArchitectureError(f"{self}: {value!r:.80} is not {self._description()}")
        return int(value) if self.function == "randint" else float(value)

    def _can_be(self, value: float) -> bool:
        if not is_finite(value):
            return False
        low, high = self.numbers[:2]
        if self.function == "randint":
            return value == int(value) and low <= value < high
        ends = "uniform" in self.function and (_is_close(value, low) or _is_close(value, high))
        if "uniform" in self.function and not ends and not low <= value <= high:
            return False
        if (self.function == "lognormal" and value <= 0) or (self.function == "qlognormal" and value < 0):
            return False
        return ends or not self.function.startswith("q") or _is_multiple(value, self.numbers[2])

    def _description(self) -> str:
        low, high = self.numbers[:2]
        if self.function == "randint":
            return f"a whole number from {low} to {high - 1}"
        steps = f" in steps of {self.numbers[2]}" if self.function.startswith("q") else ""
        if "uniform" in self.function:
            return f"a number from {low} to {high}{steps}"
        kind = {"lognormal": "a positive number", "qlognormal": "a number from 0"}
        return kind.get(self.function, "a number") + steps


def value_of(architecture: Mapping[str, object], variable: VariableSpace) -> Plain:
    """The value that an architecture holds for a variable.

    Raises:
        ArchitectureError: it holds none, or one that the variable cannot have, or it cannot be known which.
    """
    return variable.checked(found_value(architecture, Lookup(architecture), variable))


def found_value(architecture: Mapping[str, object], lookup: Lookup, variable: VariableSpace) -> object:
    """What an architecture that is looked into says of a variable.

    Raises:
        ArchitectureError: it says nothing, or it cannot be known what.
    """
    found = lookup.variable(variable.key)
    if isinstance(found, Unknowable):
        raise ArchitectureError(f"{variable}: {found.why}; {found.advice}")
    if found is None:
        near = did_you_mean(variable.key, architecture)
        raise ArchitectureError(f"the architecture has no variable {variable.key!r}{near}")
    return found.value


def _draw(function: str, numbers: tuple[float, ...], rng: Generator) -> int | float:
    first, second = numbers[:2]
    if function == "randint":
        return int(rng.integers(int(first), int(second)))
    kind = function.removeprefix("q")
    if kind == "uniform":
        value = rng.uniform(first, second)
    elif kind == "loguniform":
        value = min(max(math.exp(rng.uniform(math.log(first), math.log(second))), first), second)
    elif kind == "normal":
        value = rng.normal(first, second)
    else:
        value = math.exp(rng.normal(first, second))
    if function.startswith("q"):
        value = round(value / numbers[2]) * numbers[2]
        if "uniform" in function:
            value = min(max(value, first), second)
    return float(value)


def is_finite(number: float) -> bool:
    """Whether a number is one that a float can be near to; a whole number may be too large for it."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _is_same(one: object, other: object) -> bool:
    """Whether two names of options are one for JSON, which knows no difference between 1 and 1.0."""
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (one, other))
    return one == other if numbers else type(one) is type(other) and one == other


def _is_close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=_TOLERANCE)


def _is_multiple(value: float, q: float) -> bool:
    return math.isclose(value, round(value / q) * q, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE * q)
