"""Results: a readable line on standard output, and a line of JSON in the file that `NASCOMPILE_RESULTS` names.

    nascompile: intermediate result 3: 0.9312
    nascompile: final result: 0.9412

    {"type": "final", "sequence": 1, "value": 0.9412, "architecture": {"trial/Net.build": ...}, "time": 1718000000.5}

In the weight-sharing modes each step ends with a final result of its architecture, the reward of the controller. The
file gets them all; standard output gets the first nine, every tenth up to the hundredth, and so on, with the mean:

    nascompile: final result 90: 0.9412 (mean of the last 10: 0.9288)

Of a trial in classic it is the last one that counts, so where that was left out it is shown when the process ends.
"""

from __future__ import annotations

import atexit
import time
from functools import cache
from numbers import Real
from typing import Any, TypeAlias

from nascompile_runtime.architecture import Architecture
from nascompile_runtime.parameters import trial
from nascompile_runtime.records import append_record
from nascompile_runtime.tally import Tally
from nascompile_runtime.variables import is_finite

Number: TypeAlias = int | float


def report_intermediate(metric: Any, architecture: Architecture | None) -> None:
    """Report a result on the way. Raises like `report_final`."""
    _report("intermediate", metric, architecture, numbered=True)


def report_final(metric: Any, architecture: Architecture | None, *, numbered: bool = False) -> float:
    """Report the result of an architecture (None where all of the search space runs), and return its number.

    `metric` is a number, of Python, of numpy or an array without dimensions, or a dictionary of numbers whose
    "default" is the result. What is not finite is shown as it is and stands in the file as null.

    Raises:
        TypeError: `metric` is anything else.
        OSError: the file that `NASCOMPILE_RESULTS` names cannot be written.
    """
    return _report("final", metric, architecture, numbered=numbered)


def finite(number: Number) -> Number | None:
    """A number as JSON can hold it: None for what is not finite."""
    return number if is_finite(number) else None


def _report(kind: str, metric: Any, architecture: Architecture | None, *, numbered: bool) -> float:
    numbers = numbers_of(metric)
    result = float(numbers["default"])
    tally = trial().tally(kind)
    sequence = tally.add(result)
    title = f"{kind} result {sequence}" if numbered or sequence > 1 else f"{kind} result"
    line = f"nascompile: {title}: {line_of(numbers)}{_mean(tally)}"
    if kind != "final" or _is_round(sequence):
        print(line, flush=True)
        tally.show()
    elif not numbered:
        tally.left_out = line
        _show_at_exit()
    value = {name: finite(number) for name, number in numbers.items()}
    append_record(
        {
            "type": kind,
            "sequence": sequence,
            "value": value if isinstance(metric, dict) else value["default"],
            "architecture": architecture,
            "time": time.time(),
        }
    )
    reported = dict(numbers) if isinstance(metric, dict) else numbers["default"]
    if kind == "final":
        trial().backend.report_final(reported, step=numbered)
    else:
        trial().backend.report_intermediate(reported)
    return result


@cache
def _show_at_exit() -> None:
    """See to it that a last result which was left out is shown after all."""
    atexit.register(show_left_out)


def show_left_out() -> None:
    """Show the last final result of the trial if it was left out."""
    tally = trial().tally("final")
    if tally.left_out:
        print(tally.left_out, flush=True)
        tally.show()


def _is_round(sequence: int) -> bool:
    """Whether all digits but the first are zeros."""
    return not str(sequence)[1:].strip("0")


def _mean(tally: Tally) -> str:
    return f" (mean of the last {tally.unshown}: {tally.mean:.6g})" if tally.unshown > 1 else ""


def numbers_of(metric: Any) -> dict[str, Number]:
    """The numbers of a metric by name; "default" is the one that counts. Raises TypeError as `report_final` does."""
    if not isinstance(metric, dict):
        return {"default": _number(metric, "a metric")}
    if "default" not in metric:
        names = ", ".join(map(repr, metric)) or "(nothing)"
        raise TypeError(f'a metric that is a dictionary needs the key "default"; it has {names}')
    return {str(name): _number(value, f"the metric {name!r}") for name, value in metric.items()}


def _number(value: Any, what: str) -> Number:
    scalar = value
    if getattr(value, "shape", None) == () and hasattr(value, "numpy"):
        scalar = value.numpy()
    if getattr(scalar, "shape", None) == () and hasattr(scalar, "item"):
        scalar = scalar.item()
    if isinstance(scalar, int) and not isinstance(scalar, bool):
        return scalar
    if isinstance(scalar, Real) and not isinstance(scalar, bool):
        return float(scalar)
    hint = "; report what session.run gives for it" if hasattr(value, "graph") or hasattr(value, "op") else ""
    raise TypeError(f"{what} is a number, not {type(value).__name__} {value!r:.80}{hint}")


def line_of(numbers: dict[str, Number]) -> str:
    """The numbers of a metric for people: the one that counts, and the others in brackets."""
    shown = {name: f"{number:.6g}" if isinstance(number, float) else str(number) for name, number in numbers.items()}
    beside = ", ".join(f"{name} {text}" for name, text in shown.items() if name != "default")
    return f"{shown['default']} ({beside})" if beside else shown["default"]
