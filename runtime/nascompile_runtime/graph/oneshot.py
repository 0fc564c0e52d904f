"""oneshot: all candidates of every layer, summed, and trained with paths dropped at random.

    h1 = _nascompile.dropout_sum('trial/Net.build', 'h1', layer_choice=[conv1, conv3], fixed_inputs=[x],
                                 optional_inputs={'a': a, 'b': b}, optional_input_size=[0, 1])

is, where `gate` drops a path or scales it, as `dropout` describes, anew in each session call:

    ab = [gate(a), gate(b)]
    h1 = conv1([[x], ab]) + conv3([[x], ab])

All optional inputs are passed, whatever the size says, as a list, which for a range acts also as the tensor that enas
would pass (`Stack`). Fixed inputs are never dropped. The rate r may rise from 0 (`ramp_steps`).

By default a candidate's output is not dropped, as in NNI 0.9; where `drop_candidates` asks for it, it is, by the same
rule, as in NNI 1.0 to 1.2. Without it weights are trained for the sum of all candidates alone, and scores of
sub-architectures say little.

Under evaluation nothing is dropped. A given architecture selects its sub-architecture: all else is off, nothing is
dropped or scaled, and each layer is its sub-graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.derive import OUTPUT, SAMPLES, TOP
from nascompile_runtime.graph.dropout_sum.advice import advise_on_layer, advise_on_ranking
from nascompile_runtime.graph.dropout_sum.dropout import dropout_of
from nascompile_runtime.graph.dropout_sum.schedule import (
    SIGNAL,
    Schedule,
    advance,
    evaluate,
    select,
    select_paths,
    watch_ramp,
)
from nascompile_runtime.graph.evaluation import Evaluation, derive_in
from nascompile_runtime.graph.gated_sum.build import build_sum
from nascompile_runtime.graph.gated_sum.gates import Paths
from nascompile_runtime.graph.gated_sum.requests import (
    load_pending,
    report_final_result,
    report_intermediate_result,
    take_next,
)
from nascompile_runtime.graph.signal import Session, default_session, is_announcement, signal_of
from nascompile_runtime.graph.variables import call, function_choice, option, variable
from nascompile_runtime.layer import Candidate, Layer, LayerSpace, candidate
from nascompile_runtime.parameters import trial
from nascompile_runtime.ranking.report import Entry
from nascompile_runtime.ranking.stages import plan_evolution

__all__ = [
    "begin_evaluation",
    "call",
    "candidate",
    "derive",
    "dropout_sum",
    "end_evaluation",
    "function_choice",
    "get_next_parameter",
    "option",
    "report_final_result",
    "report_intermediate_result",
    "training_update",
    "variable",
]


def dropout_sum(
    block: str,
    layer: str,
    *,
    layer_choice: Sequence[Candidate],
    fixed_inputs: Sequence[Any] = (),
    optional_inputs: Mapping[str, Any] | None = None,
    optional_input_size: int | Sequence[int] | None = None,
) -> Any:
    """The sum of all candidates' outputs, each called as `function([fixed_inputs, optional_inputs], ...)`.

    Candidates may return a tensor or equal structures of tensors.

    Raises:
        LayerError: the call describes no layer, or what it passes or gets cannot be dropped or summed.
        ArchitectureError: the given architecture has no valid choice for this layer.
        RuntimeError: TensorFlow executes eagerly here.
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
    return build_sum(built, _paths(built.space))


def get_next_parameter(session: Session = None) -> None:
    """Take the next architecture, and with a session select it there, if it is a given one.

    Raises:
        ArchitectureError: it does not fit a layer of the session's graph.
    """
    take_next(session, select)


def training_update(
    *, tf: Any = None, session: Session = None, loss: Any = None, feed_dict: Any = None, train_feed_dict: Any = None
) -> None:
    """Advance the ramp of the drop rate by a step, and select the architecture that was requested without a session.

    Raises:
        ValueError: there is a ramp, and no session to advance it in.
    """
    session = session or default_session()
    if is_announcement(session, loss, feed_dict):
        return
    if session is None:
        if trial().options.ramp_steps:
            raise ValueError("training_update needs the session, training_update(session=...), to ramp the drop rate")
        return
    load_pending(session, select)
    advance(session)


def begin_evaluation(session: Session) -> None:
    """From now on nothing is dropped in this session."""
    evaluate(session, begins=True)


def end_evaluation(session: Session) -> None:
    """Back to training: paths are dropped again, at the rate that the ramp has reached."""
    evaluate(session, begins=False)


def derive(
    *,
    session: Session = None,
    metric: Any = None,
    feed_dict: Any = None,
    samples: int = SAMPLES,
    top: int = TOP,
    output: str = OUTPUT,
    recalibrate: Any = None,
) -> list[Entry]:
    """Rank uniform draws and an evolution of the best of them, each measured as the sub-graph that it selects.

    Afterwards the session drops paths as it did before, or runs the architecture that was selected in it. For the
    arguments see `evaluation.Evaluation` and `nascompile_runtime.derive`.

    Returns:
        The `top` best, `{"score": ..., "architecture": ...}`, best first.

    Raises:
        ValueError: there is no session, layer or feed, or a number that is none.
        TypeError: the metric or a feed is of the wrong kind.
        ArchitectureError: a given architecture does not fit a layer.
    """
    evaluation = Evaluation(metric, feed_dict, recalibrate)
    advise_on_ranking(trial().spaces, trial().options)
    return derive_in(session, SIGNAL, select_paths, plan_evolution, evaluation, samples=samples, top=top, output=output)


def _paths(space: LayerSpace) -> Paths:
    schedule, options = Schedule(), trial().options
    selected = schedule.selected.choice(space) if schedule.selected else None
    if schedule.selected is None:
        advise_on_layer(space, options)
        if options.ramp_steps:
            watch_ramp()
    return dropout_of(signal_of(SIGNAL, tf.float32), space, options, schedule.rate(options), selected)
