"""What `import nni` gives compiled code where NNI is not installed: what trials of 2019 called, on this trial's state.

    params = nni.get_next_parameter()             # the given architecture, or {} as NNI gives where it runs alone
    rate = nni.choice(0.1, 0.01, name="rate")
    nni.report_final_result(accuracy)             # as @nni.report_final_result does in the mode of the code

`nni_finder` loads this file under the name `nni`, if nothing else has it. In an experiment it is NNI itself that is
imported. A value that is sampled here has the key `<name>/<function>`; no search space knows of it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

from nascompile_runtime.backends.base import Answer
from nascompile_runtime.backends.standalone import StartAnswer
from nascompile_runtime.graph.variables import Option, call, chosen_result, sampled_value
from nascompile_runtime.parameters import trial

STANDS_IN = True
"""Tells this module from NNI's own."""

_SUPERNETS = ("enas", "oneshot", "darts")
_unnamed: Counter[str] = Counter()


def get_next_parameter() -> Any:
    """Make the next request, as the annotation does, and return what is given: {} where a controller draws it."""
    _mode().get_next_parameter()
    return get_current_parameter()


def get_current_parameter(tag: str | None = None) -> Any:
    """What `get_next_parameter` returned last, or one value of it; None before. Raises KeyError for an unknown tag."""
    answer = trial().pending or trial().current
    if answer is None:
        return None
    parameters = dict(answer.architecture([]))
    return parameters if tag is None else parameters[tag]


def report_intermediate_result(metric: Any) -> None:
    """Report how the trial goes: a number, or a dictionary with the number under "default"."""
    _mode().report_intermediate_result(metric)


def report_final_result(metric: Any) -> None:
    """Report how good the trial is: a number, or a dictionary with the number under "default"."""
    _mode().report_final_result(metric)


def get_experiment_id() -> str:
    """What NNI says where there is no experiment."""
    return "STANDALONE"


def get_trial_id() -> str:
    """What NNI says where there is no experiment."""
    return "STANDALONE"


def get_sequence_id() -> int:
    """What NNI says where there is no experiment."""
    return 0


def choice(*options: Any, name: str | None = None) -> Any:
    """One of the options."""
    plain = (str, int, float, bool, type(None))
    return _sample("choice", name, *(one if isinstance(one, plain) else Option(repr(one), one) for one in options))


def function_choice(*functions: Callable[[], Any], name: str | None = None) -> Any:
    """The result of one of the functions, called without arguments."""
    calls = [call(f"function {number}", function) for number, function in enumerate(functions, 1)]
    return chosen_result(_answer(), _key("function_choice", name), tuple(calls))


def randint(lower: int, upper: int, name: str | None = None) -> Any:
    """A whole number from `lower`, below `upper`."""
    return _sample("randint", name, lower, upper)


def uniform(low: float, high: float, name: str | None = None) -> Any:
    """A number from `low` to `high`."""
    return _sample("uniform", name, low, high)


def quniform(low: float, high: float, q: float, name: str | None = None) -> Any:
    """A number from `low` to `high` in steps of `q`."""
    return _sample("quniform", name, low, high, q)


def loguniform(low: float, high: float, name: str | None = None) -> Any:
    """A number from `low` to `high` whose logarithm is uniform."""
    return _sample("loguniform", name, low, high)


def qloguniform(low: float, high: float, q: float, name: str | None = None) -> Any:
    """The same in steps of `q`."""
    return _sample("qloguniform", name, low, high, q)


def normal(mu: float, sigma: float, name: str | None = None) -> Any:
    """A normally distributed number."""
    return _sample("normal", name, mu, sigma)


def qnormal(mu: float, sigma: float, q: float, name: str | None = None) -> Any:
    """The same in steps of `q`."""
    return _sample("qnormal", name, mu, sigma, q)


def lognormal(mu: float, sigma: float, name: str | None = None) -> Any:
    """A number whose logarithm is normally distributed."""
    return _sample("lognormal", name, mu, sigma)


def qlognormal(mu: float, sigma: float, q: float, name: str | None = None) -> Any:
    """The same in steps of `q`."""
    return _sample("qlognormal", name, mu, sigma, q)


def __getattr__(name: str) -> Any:
    hint = "; it is part of NNI: pip install 'nascompile[nni]'"
    raise AttributeError(f"nni is not installed, and what nascompile has in its place knows no {name!r}{hint}")


def _mode() -> Any:
    """The runtime of the mode that this process's code was compiled for."""
    loaded = [name for name in _SUPERNETS if f"nascompile_runtime.graph.{name}" in sys.modules]
    return import_module(f"nascompile_runtime.graph.{loaded[0] if loaded else 'classic'}")


def _sample(function: str, name: str | None, *arguments: Any) -> Any:
    return sampled_value(_answer(), _key(function, name), function, arguments)


def _answer() -> Answer:
    """What values are drawn from: no given architecture, as no search space has them."""
    return StartAnswer(trial().options.seed)


def _key(function: str, name: str | None) -> str:
    """The key of a value; calls without a name are told apart by their number."""
    if name is None:
        _unnamed[function] += 1
        name = f"#{_unnamed[function]}"
    return f"{name}/{function}"
