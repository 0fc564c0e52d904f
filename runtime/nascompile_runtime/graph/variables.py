"""Sampled variables and function choices of the weight-sharing modes; and what all modes evaluate them with.

    lr = _nascompile.variable('trial/lr/choice', 'choice', 0.1, 0.01, _nascompile.option('default()', default()))
    y = _nascompile.function_choice('trial/relu/function_choice',
                                    _nascompile.call('relu(x)', relu, x), _nascompile.call('elu(x)', elu, x))

A variable has the value of the parameters that were taken last. What a graph was built from cannot change any more, as
a signal does; what is evaluated in the loop of steps is drawn anew there whenever the next parameters were taken: by
`get_next_parameter`, and in enas by `training_update` too, which takes none in oneshot and darts. All options and all
arguments are evaluated, and of the calls only the chosen one is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nascompile_runtime.backends.base import Answer
from nascompile_runtime.parameters import trial
from nascompile_runtime.variables import Plain, VariableSpace


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """An option of a choice that is no plain value: how it is spelled, and its value."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call that may be chosen: how it is spelled, the function, and its arguments."""

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def option(name: str, value: Any, /) -> Option:
    """An option that architectures call `name`, its source."""
    return Option(name, value)


def call(name: str, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Call:
    """A call that architectures call `name`, its source; made only if it is the chosen one."""
    return Call(name, function, args, kwargs)


def variable(key: str, function: str, /, *arguments: Any) -> Any:
    """The value that the parameters taken last have for a variable.

    `function` is one of NNI's ten; `arguments` are the options of a choice, or the numbers of another function.

    Raises:
        ArchitectureError: the given architecture has no valid value for it.
    """
    return sampled_value(trial().taken, key, function, arguments)


def function_choice(key: str, /, *calls: Call | Option) -> Any:
    """The result of the call, or the value, that the parameters taken last choose; no other call is made.

    Raises:
        ArchitectureError: the given architecture chooses none of them.
    """
    return chosen_result(trial().taken, key, calls)


def sampled_value(answer: Answer, key: str, function: str, arguments: tuple[Any, ...]) -> Any:
    """The value that an answer has for a variable. Raises ArchitectureError where it has no valid one."""
    names = tuple(each.name if isinstance(each, Option) else each for each in arguments)
    value = trial().sample(answer, VariableSpace(key, function, names))
    if function != "choice":
        return value
    chosen = arguments[_position(value, names)]
    return chosen.value if isinstance(chosen, Option) else chosen


def chosen_result(answer: Answer, key: str, calls: tuple[Call | Option, ...]) -> Any:
    """The result of the call, or the value, that an answer chooses. Raises ArchitectureError where it chooses none."""
    names = tuple(each.name for each in calls)
    chosen = calls[_position(trial().sample(answer, VariableSpace(key, "choice", names)), names)]
    return chosen.value if isinstance(chosen, Option) else chosen.function(*chosen.args, **chosen.kwargs)


def _position(name: Plain, names: tuple[Plain, ...]) -> int:
    """Where an option stands among others; True is not 1 here."""
    return next(index for index, each in enumerate(names) if each == name and type(each) is type(name))
