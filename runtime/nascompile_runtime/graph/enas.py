"""enas: the whole search space as one graph, of which a step runs the chosen sub-graph only.

    h1 = _nascompile.conditional('trial/Net.build', 'h1', layer_choice=[...], fixed_inputs=[x],
                                 optional_inputs={'a': a, 'b': b}, optional_input_size=[0, 1])
    ...
    _nascompile.get_next_parameter(session)      # loads the next architecture: one session call for all layers

Every candidate of a layer is in the graph, and the layer's part of the signal decides which one runs and which
optional inputs it gets, forward and backward. (Pham et al., Efficient Neural Architecture Search via Parameter
Sharing, 2018.) A candidate gets its optional inputs as a list of tensors. That of a range acts as one tensor too,
stacked on axis 0, which may hold none (`Chosen`): `tf.reduce_sum(inputs[1], axis=0)` works with both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import tensorflow as tf

from nascompile_runtime import reports
from nascompile_runtime.architecture import Choice
from nascompile_runtime.backends.base import Answer
from nascompile_runtime.derive import OUTPUT, SAMPLES, TOP
from nascompile_runtime.graph.conditional import lost_steps, runs
from nascompile_runtime.graph.conditional.branch import not_gated
from nascompile_runtime.graph.conditional.build import build_conditional
from nascompile_runtime.graph.conditional.candidates import candidate_function
from nascompile_runtime.graph.conditional.inputs import Code, passed_inputs
from nascompile_runtime.graph.conditional.isolation import isolate
from nascompile_runtime.graph.conditional.needs import encode_choices
from nascompile_runtime.graph.conditional.single import build_single
from nascompile_runtime.graph.conditional.switching import GraphState, helper_scope, is_inside, state_of
from nascompile_runtime.graph.evaluation import Evaluation, derive_in
from nascompile_runtime.graph.keras_masks import KerasMasks
from nascompile_runtime.graph.keras_names import KerasNames
from nascompile_runtime.graph.left_behind import LeftBehind
from nascompile_runtime.graph.signal import (
    Signal,
    default_session,
    find_signal,
    is_announcement,
    living_signals,
    signal_of,
)
from nascompile_runtime.graph.variables import call, function_choice, option, variable
from nascompile_runtime.layer import Candidate, Layer, LayerSpace, candidate
from nascompile_runtime.parameters import trial
from nascompile_runtime.ranking.report import Entry
from nascompile_runtime.ranking.stages import plan_by_controller
from nascompile_runtime.unsearched import watch_search

__all__ = [
    "begin_evaluation",
    "call",
    "candidate",
    "conditional",
    "derive",
    "end_evaluation",
    "function_choice",
    "get_next_parameter",
    "option",
    "report_final_result",
    "report_intermediate_result",
    "training_update",
    "variable",
]

v1 = tf.compat.v1

_SIGNAL = "enas"
_Choices: TypeAlias = Mapping[tuple[str, str], Choice]


def conditional(
    block: str,
    layer: str,
    *,
    layer_choice: Sequence[Candidate],
    fixed_inputs: Sequence[Any] = (),
    optional_inputs: Mapping[str, Any] | None = None,
    optional_input_size: int | Sequence[int] | None = None,
) -> Any:
    """The output of whichever candidate is chosen, called as `function([fixed_inputs, chosen_optional_inputs], ...)`.

    Raises:
        LayerError: the call describes no layer, or its candidates' outputs are not alike.
        RuntimeError: no graph is being built, or a loop, a conditional or a function in it.
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
    watch_search("loads")
    _check_place(built.space)
    code = Code(built.space, built.ranged)
    numbers = [] if code.is_trivial else _numbers(code)
    inputs = [list(built.fixed_inputs), passed_inputs(built, code, numbers)]
    left = LeftBehind(built.candidates)
    names, masks = KerasNames(built.space), KerasMasks(built)
    builders = [candidate_function(candidate, built, left, names, masks) for candidate in built.candidates]
    if len(builders) == 1:
        output = build_single(builders[0], inputs, built.space.key, lambda: (numbers or _numbers(code))[0])
        return left.give(masks.give(output))
    output = build_conditional(numbers[0], builders, inputs, names=built.space.candidates, where=str(built.space))
    names.settle()
    tensors = [each for each in tf.nest.flatten(output, expand_composites=True) if each is not None]
    state_of(numbers[0].graph).outputs.setdefault(built.space.key, []).extend(tensors)
    return left.give(masks.give(output))


def get_next_parameter(session: Any = None) -> None:
    """Take the next architecture, and with a session load it there, in one call; without, the next call with one does.

    Raises:
        ArchitectureError: the architecture does not fit the layers that were built in the session's graph.
        TypeError: `session` is no TensorFlow session.
    """
    if session is None:
        trial().take_next()
    else:
        _load_next(session)


def training_update(
    *, tf: Any = None, session: Any = None, loss: Any = None, feed_dict: Any = None, train_feed_dict: Any = None
) -> None:
    """Go on to the next architecture. Without `session`, in the default one.

    Raises:
        ValueError: there is no session.
    """
    session = session or default_session()
    if is_announcement(session, loss, feed_dict):
        return
    if session is None:
        raise ValueError("enas mode: training_update needs the session that trains: training_update(session=...)")
    _load_next(session)


def begin_evaluation(session: Any) -> None:
    """Nothing: a sub-graph is trained and evaluated alike."""


def end_evaluation(session: Any) -> None:
    """Nothing."""


def derive(
    *,
    session: Any = None,
    metric: Any = None,
    feed_dict: Any = None,
    samples: int = SAMPLES,
    top: int = TOP,
    output: str = OUTPUT,
    recalibrate: Any = None,
) -> list[Entry]:
    """Rank what the controller proposes, each measured with the weights it shares; write the best to a file.

    The controller is not told the scores, and afterwards the session runs the architecture that it ran before. For the
    arguments see `evaluation.Evaluation` and `nascompile_runtime.derive`.

    Returns:
        The `top` best, `{"score": ..., "architecture": ...}`, best first.

    Raises:
        ValueError: there is no session, layer or feed, or a number that is none.
        TypeError: the metric or a feed is of the wrong kind.
        ArchitectureError: a given architecture does not fit a layer.
    """
    evaluation = Evaluation(metric, feed_dict, recalibrate)
    plan = plan_by_controller(trial().backend.controller, trial().requests)
    return derive_in(session, _SIGNAL, _select, plan, evaluation, samples=samples, top=top, output=output)


def report_intermediate_result(metric: Any) -> None:
    """Report how the search goes: a number, or a dictionary with the number under "default"."""
    reports.report_intermediate(metric, trial().architecture())


def report_final_result(metric: Any) -> None:
    """Report how good the current architecture is, which is the controller's reward; there may be many in a trial."""
    trial().observe(reports.report_final(metric, trial().architecture(), numbered=True))


def _check_place(space: LayerSpace) -> None:
    if is_inside(signal_of(_SIGNAL, tf.int32).graph):
        raise RuntimeError(
            f"{space}: a mutable layer cannot stand inside of a while_loop, a cond or a tf.function; "
            "build it outside, or let it hold the loop"
        )


def _numbers(code: Code) -> list[Any]:
    """The layer's numbers in the signal, as scalar tensors."""
    signal = signal_of(_SIGNAL, tf.int32)
    graph = v1.get_default_graph()
    state = state_of(graph)
    state.codes[code.space.key] = code
    isolate(graph)
    if state.lost_steps is None:
        state.lost_steps = _count_steps(state)
        runs.install()
        state.runs = signal.watcher = runs.Runs(
            state.lost_steps, lambda session, choices: _load_choices(session, signal, choices)
        )
    start = code.encode(trial().in_use.choice(code.space))
    with not_gated(graph):
        numbers = signal.slot(code.space.key, start)
    with helper_scope():
        return list(tf.unstack(numbers))


def _count_steps(state: GraphState) -> lost_steps.LostSteps:
    def describe(key: Any, candidate: int) -> str:
        space = state.codes[key].space
        return f"{space.candidates[candidate]!r} in {space}"

    def start() -> dict[Any, Choice]:
        return {key: trial().in_use.choice(code.space) for key, code in state.codes.items()}

    lost_steps.install()
    return lost_steps.LostSteps(describe, start)


def _select(session: Any, signal: Signal, choices: Mapping[LayerSpace, Choice]) -> None:
    by_key = {space.key: choice for space, choice in choices.items()}
    needed = {key: by_key[key] for key in state_of(signal.graph).codes}
    _load_choices(session, signal, needed)


def _load_next(session: Any) -> None:
    signal = find_signal(session, _SIGNAL)
    answer = trial().next_to_load()
    chosen = {living: _choices(answer, living) for living in living_signals(_SIGNAL)}
    encoded = {living: encode_choices(living.graph, choices) for living, choices in chosen.items()}
    if signal is not None:
        signal.load(session, encoded[signal], _loading(signal, chosen[signal], encoded[signal]))
    is_new = answer is not trial().in_use
    trial().load(answer)
    trial().account.load({key: choice for choices in chosen.values() for key, choice in choices.items()})
    if is_new:
        for living in encoded:
            living.put_in_use(encoded[living])


def _choices(answer: Answer, signal: Signal) -> dict[tuple[str, str], Choice]:
    return {key: answer.choice(code.space) for key, code in state_of(signal.graph).codes.items()}


def _loading(signal: Signal, choices: _Choices, numbers: Mapping[tuple[str, str], Sequence[int]]) -> runs.Loading:
    codes = state_of(signal.graph).codes
    running = {key: choice for key, choice in choices.items() if numbers[key] == codes[key].encode(choice)}
    return runs.Loading(choices, running)


def _load_choices(session: Any, signal: Signal, choices: _Choices) -> None:
    numbers = encode_choices(signal.graph, choices)
    signal.load(session, numbers, _loading(signal, choices, numbers))
