"""classic: the chosen sub-graph and nothing else.

    h1 = _nascompile.sub_graph('trial/Net.build', 'h1', layer_choice=[...], fixed_inputs=[x])

calls the chosen candidate on the chosen inputs. Needs no TensorFlow: candidates may be any functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nascompile_runtime import reports
from nascompile_runtime.backends.base import Answer
from nascompile_runtime.candidate_calls import build_candidate
from nascompile_runtime.graph.scopes import candidate_scope, pass_scope
from nascompile_runtime.graph.variables import Call, Option, call, chosen_result, option, sampled_value
from nascompile_runtime.layer import Candidate, Layer, candidate
from nascompile_runtime.parameters import trial

__all__ = [
    "begin_evaluation",
    "call",
    "candidate",
    "derive",
    "end_evaluation",
    "function_choice",
    "get_next_parameter",
    "option",
    "report_final_result",
    "report_intermediate_result",
    "sub_graph",
    "training_update",
    "variable",
]


def sub_graph(
    block: str,
    layer: str,
    *,
    layer_choice: Sequence[Candidate],
    fixed_inputs: Sequence[Any] = (),
    optional_inputs: Mapping[str, Any] | None = None,
    optional_input_size: int | Sequence[int] | None = None,
) -> Any:
    """The output of the chosen candidate, called as `function([fixed_inputs, chosen_optional_inputs], ...)`.

    Raises:
        LayerError: the call describes no layer.
        ArchitectureError: the given architecture has no valid choice for this layer.
    """
    built = Layer.of(
        block,
        layer,
        layer_choice=layer_choice,
        fixed_inputs=fixed_inputs,
        optional_inputs=optional_inputs,
        optional_input_size=optional_input_size,
    )
    trial().register(built.space)
    choice = _current().choice(built.space)
    output = None
    for position, each in enumerate(built.candidates):
        if position == choice.candidate:
            with candidate_scope(each.scope):
                output = build_candidate(built, each, built.inputs(choice.inputs))
        else:
            pass_scope(each.scope)
    return output


def variable(key: str, function: str, /, *arguments: Any) -> Any:
    """The value that the architecture has for a variable, evaluated anew each time.

    `function` is one of NNI's ten; `arguments` are the options of a choice, or the numbers of another function.

    Raises:
        ArchitectureError: the given architecture has no valid value for it.
    """
    return sampled_value(_current(), key, function, arguments)


def function_choice(key: str, /, *calls: Call | Option) -> Any:
    """The result of the call, or the value, that the architecture chooses; no other call is made.

    Raises:
        ArchitectureError: the given architecture chooses none of them.
    """
    return chosen_result(_current(), key, calls)


def get_next_parameter(session: Any = None) -> None:
    """Take the next architecture; layers that are built from now on follow it. A graph that stands does not change."""
    trial().load(trial().take_next(step=False))


def training_update(
    *, tf: Any = None, session: Any = None, loss: Any = None, feed_dict: Any = None, train_feed_dict: Any = None
) -> None:
    """Nothing: a sub-graph has nothing to update but its weights, and those are the user's."""


def begin_evaluation(session: Any) -> None:
    """Nothing: a sub-graph is trained and evaluated alike."""


def end_evaluation(session: Any) -> None:
    """Nothing."""


def derive(
    *,
    session: Any = None,
    metric: Any = None,
    feed_dict: Any = None,
    samples: Any = None,
    top: Any = None,
    output: Any = None,
    recalibrate: Any = None,
) -> None:
    """Nothing: there is one architecture here, and none to rank."""


def report_intermediate_result(metric: Any) -> None:
    """Report how the trial goes: a number, or a dictionary with the number under "default"."""
    reports.report_intermediate(metric, trial().architecture())


def report_final_result(metric: Any) -> None:
    """Report how good the architecture is, a number or a dictionary with it under "default"; the last report counts."""
    trial().observe(reports.report_final(metric, trial().architecture()), step=False)


def _current() -> Answer:
    """The architecture that counts; what asks first makes the first request, if the trial has not."""
    return trial().current or trial().load(trial().take_next(step=False))
