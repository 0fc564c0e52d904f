"""What one sampled variable may be: NNI's ten functions, the values that each can give, and how many these are.

    {"trial/lr/loguniform": {"_type": "loguniform", "_value": [0.0001, 0.1]},
     "trial/size/choice": {"_type": "choice", "_value": [124, 512, "default_size()"]}}

An option of a choice is called by its value where that is a number, a string, a truth value or None, and by its source
where it is anything else; so is a call of a function choice, which is a choice, too.

The formulas are those of NNI's documentation of search spaces, with `u` from a uniform and `n` from a normal
distribution:

    randint     lower <= value < upper             normal      n(mu, sigma)
    uniform     u(low, high)                       qnormal     round(n(mu, sigma) / q) * q
    quniform    clip(round(u(low, high) / q) * q)  lognormal   exp(n(mu, sigma))
    loguniform  exp(u(log(low), log(high)))        qlognormal  round(exp(n(mu, sigma)) / q) * q
    qloguniform clip(round(loguniform / q) * q)

The runtime draws and checks with code of its own, `nascompile_runtime.variables`; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nascompile.diagnostics import clipped, did_you_mean
from nascompile.ir import Plain

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "choice": (),
    "randint": ("lower", "upper"),
    "uniform": ("low", "high"),
    "quniform": ("low", "high", "q"),
    "loguniform": ("low", "high"),
    "qloguniform": ("low", "high", "q"),
    "normal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "lognormal": ("mu", "sigma"),
    "qlognormal": ("mu", "sigma", "q"),
}
_LARGEST_LOGARITHM = 700
_RARE = 10  # standard deviations
_TOLERANCE = 1e-9  # relative: tuners reckon in floats, and `exp(log(high))` may lie above `high`


@dataclass(frozen=True, slots=True)
class VariableSpace:
    """What an architecture may say about a variable: the function, and the names of options or the numbers it has."""

    function: str
    arguments: tuple[Plain, ...]

    @property
    def numbers(self) -> tuple[float, ...]:
        """The arguments of a function that is no choice."""
        return tuple(one for one in self.arguments if isinstance(one, int | float))

    def size(self) -> int | float:
        """Return the number of values; infinity where they are not counted."""
        if self.function == "choice":
            return len(self.arguments)
        low, high = self.numbers[:2]
        if self.function == "randint":
            return int(high - low)
        if "uniform" in self.function and low == high:
            return 1
        if self.function in ("quniform", "qloguniform"):
            q = self.numbers[2]
            return round(high / q) - round(low / q) + 1
        return math.inf

    def to_json(self) -> dict[str, Any]:
        """Return the variable's entry in the search space file."""
        return {"_type": self.function, "_value": list(self.arguments)}

    def find_refusal(self, value: object) -> tuple[str, str | None] | None:
        """Return message and hint about a value that the variable cannot have; None for one that it can."""
        if self.function == "choice":
            if any(is_same(value, option) for option in self.arguments):
                return None
            texts = [one for one in self.arguments if isinstance(one, str)]
            hint = did_you_mean(value, texts) if isinstance(value, str) else None
            return f"{_shown(value)} is not {self.description()}", hint
        if self._can_be(value):
            return None
        return f"{_shown(value)} is not {self.description()}", None

    def description(self) -> str:
        """Return in words which values there are."""
        if self.function == "choice":
            return f"one of {_listed(self.arguments)}"
        low, high = self.numbers[:2]
        if self.function == "randint":
            return f"a whole number from {low} to {high - 1}"
        steps = f" in steps of {self.numbers[2]}" if self.function.startswith("q") else ""
        if "uniform" in self.function:
            return f"a number from {low} to {high}{steps}"
        kind = {"lognormal": "a positive number", "qlognormal": "a number from 0"}
        return kind.get(self.function, "a number") + steps

    def _can_be(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
            return False
        low, high = self.numbers[:2]
        if self.function == "randint":
            return value == int(value) and low <= value < high
        if "uniform" in self.function and not _lies_within(value, low, high):
            return False
        if (self.function == "lognormal" and value <= 0) or (self.function == "qlognormal" and value < 0):
            return False
        if not self.function.startswith("q"):
            return True
        is_end = "uniform" in self.function and (_is_close(value, low) or _is_close(value, high))
        return is_end or _is_multiple(value, self.numbers[2])


def find_mistake(function: str, numbers: Sequence[float]) -> tuple[int, str] | None:
    """Return which of a function's numbers cannot be what it is, and what it must be; None where all can."""
    first, second = numbers[:2]
    if function == "randint":
        for index, number in enumerate(numbers):
            if not isinstance(number, int):
                return index, f"`{PARAMETERS[function][index]}` must be a whole number"
        if first >= second:
            return 1, f"`upper` is {second}, and must be above `lower`, {first}, as it is not drawn itself"
        return None
    if "uniform" in function:
        if "log" in function and first <= 0:
            return 0, f"`low` is {first}, and must be above 0 to have a logarithm"
        if first > second:
            return 1, f"`high` is {second}, which is below `low`, {first}"
        if not math.isfinite(second - first):
            return 1, "the range is too large"
    elif second <= 0:
        return 1, f"`sigma` is {second}, and must be above 0"
    elif "log" in function and first + _RARE * second > _LARGEST_LOGARITHM:
        return 0, "the numbers are too large: they are of the logarithm of the value"
    if function.startswith("q"):
        q = numbers[2]
        if q <= 0:
            return 2, f"`q` is {q}, and must be above 0"
        if not math.isfinite(max(abs(first), abs(second)) / q):
            return 2, f"`q` is {q}, which is too small for numbers of this size"
    return None


def in_type(function: str, number: float) -> int | float:
    """Return a number that the function can give in the type that it gives, which JSON does not always keep."""
    return int(number) if function == "randint" else float(number)


def is_same(one: object, other: object) -> bool:
    """Whether two names of options are one for JSON, which knows no difference between 1 and 1.0."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
    return one == other if numbers else type(one) is type(other) and one == other


def is_finite(number: float) -> bool:
    """Whether a number is one that a float can be near to; a whole number may be too large for it."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _lies_within(value: float, low: float, high: float) -> bool:
    return low <= value <= high or _is_close(value, low) or _is_close(value, high)


def _is_close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=_TOLERANCE)


def _is_multiple(value: float, q: float) -> bool:
    return math.isclose(value, round(value / q) * q, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE * q)


def _listed(names: Iterable[Plain]) -> str:
    return ", ".join(f"`{clipped(_json(name))}`" for name in names)


def _json(name: object) -> str:
    words: dict[object, str] = {None: "null", True: "true", False: "false"}
    return words[name] if name is None or isinstance(name, bool) else str(name)


def _shown(value: object) -> str:
    return clipped("null" if value is None else repr(value))
