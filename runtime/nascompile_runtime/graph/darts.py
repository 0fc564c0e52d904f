"""darts: all candidates of every layer, summed with architecture weights, which are trained beside the model's own.

    h1 = _nascompile.weighted_sum('trial/Net.build', 'h1', layer_choice=[conv1, conv3], fixed_inputs=[x],
                                  optional_inputs={'a': a, 'b': b}, optional_input_size=1)
    ...
    _nascompile.training_update(session=session, loss=loss, feed_dict=validation_images)

is, with the factors that `weighted_sum.relaxation` describes (here w and v are softmaxes of two architecture weights):

    h1 = w[0] * conv1([[x], [v[0] * a, v[1] * b]]) + w[1] * conv3([[x], [v[0] * a, v[1] * b]])

All optional inputs are passed as a list, which for a range acts also as the tensor that enas would pass
(`Stack`). `training_update` makes a step on the architecture weights. (Liu, Simonyan and Yang, "DARTS:
Differentiable Architecture Search", ICLR 2019.) A given architecture selects its sub-architecture: all else is off,
nothing is weighted, and each layer is its sub-graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.derive import OUTPUT, SAMPLES, TOP
from nascompile_runtime.graph.evaluation import Evaluation, derive_in
from nascompile_runtime.graph.explaining import explained
from nascompile_runtime.graph.gated_sum import requests
from nascompile_runtime.graph.gated_sum.build import build_sum
from nascompile_runtime.graph.gated_sum.gates import Paths
from nascompile_runtime.graph.gated_sum.requests import load_pending, take_next
from nascompile_runtime.graph.signal import Session, default_session, find_signal, is_announcement, signal_of
from nascompile_runtime.graph.variables import call, function_choice, option, variable
from nascompile_runtime.graph.weighted_sum.history import record
from nascompile_runtime.graph.weighted_sum.reading import most_probable_points
from nascompile_runtime.graph.weighted_sum.selection import SIGNAL, initial_selection, select, select_paths, selected_in
from nascompile_runtime.graph.weighted_sum.steps import note_updates
from nascompile_runtime.graph.weighted_sum.update import update_of
from nascompile_runtime.graph.weighted_sum.weights import weighted_paths
from nascompile_runtime.layer import Candidate, Layer, LayerSpace, candidate
from nascompile_runtime.parameters import trial
from nascompile_runtime.ranking.report import Entry
from nascompile_runtime.ranking.stages import plan_proposals
from nascompile_runtime.unsearched import watch_search

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
    "training_update",
    "variable",
    "weighted_sum",
]


def weighted_sum(
    block: str,
    layer: str,
    *,
    layer_choice: Sequence[Candidate],
    fixed_inputs: Sequence[Any] = (),
    optional_inputs: Mapping[str, Any] | None = None,
    optional_input_size: int | Sequence[int] | None = None,
) -> Any:
    """The weighted sum of all candidates' outputs, each called as `function([fixed_inputs, optional_inputs], ...)`.

    Candidates may return a tensor or equal structures of tensors. Architecture weights start at 0.

    Raises:
        LayerError: the call describes no layer, or what it passes or gets cannot be weighted or summed.
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
    watch_search("updates")
    return build_sum(built, _paths(built.space))


def get_next_parameter(session: Session = None) -> None:
    """Take the next architecture, and with a session select it there, if it is a given one.

    Raises:
        ArchitectureError: it does not fit a layer of the session's graph.
    """
    take_next(session, select)
    note_updates(session)


def training_update(
    *, tf: Any = None, session: Session = None, loss: Any = None, feed_dict: Any = None, train_feed_dict: Any = None
) -> None:
    """Make a step on the architecture weights, down the gradient of `loss` on `feed_dict`: validation data.

    An architecture that was requested without a session is selected before; where one was given, there is nothing to
    train. Without `session`, in the default one. The first call with a loss builds what it needs, so before a graph is
    finalized (as a `MonitoredTrainingSession` does) call it with the loss alone, where there is no session yet. With
    the option `unrolled` it needs training data too, `train_feed_dict`.

    Raises:
        ValueError: the session, the loss or a feed is missing, or the loss does not depend on architecture weights.
        RuntimeError: the graph is finalized, and nothing was built in it for this loss; or a variable was never
            initialised.
    """
    session = session or default_session()
    if is_announcement(session, loss, feed_dict):
        _prepare(loss)
        return
    if session is None:
        raise ValueError("darts mode: training_update needs the session that trains: training_update(session=...)")
    signal = find_signal(session, SIGNAL)
    load_pending(session, select)
    if signal is None or selected_in(session) is not None:
        return
    options = trial().options
    update = update_of(signal, loss, options)
    with explained("training_update"):
        count = update.run(session, feed_dict, train_feed_dict)
    trial().account.updates = count
    if options.history_every and count % options.history_every == 0:
        record(session, count)


def report_intermediate_result(metric: Any) -> None:
    """Report how the trial goes: a number, or a dictionary with the number under "default"."""
    requests.report_intermediate_result(metric)
    note_updates(default_session())


def report_final_result(metric: Any) -> None:
    """Report the result of a step: a number, or a dictionary with the number under "default"."""
    requests.report_final_result(metric)
    note_updates(default_session())


def begin_evaluation(session: Session) -> None:
    """Nothing: a weighted sum is trained and evaluated alike."""


def end_evaluation(session: Session) -> None:
    """Nothing."""


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
    """Rank what the architecture weights are read as and its neighbours, each measured as the sub-graph it selects.

    They are scored in the order of their probability, as `weighted_sum.relaxation` defines it. Afterwards the session
    runs what it ran before. For the arguments see `evaluation.Evaluation` and `nascompile_runtime.derive`.

    Returns:
        The `top` best, `{"score": ..., "architecture": ...}`, best first.

    Raises:
        ValueError: there is no session, layer or feed, or a number that is none.
        TypeError: the metric or a feed is of the wrong kind.
        ArchitectureError: a given architecture does not fit a layer.
    """
    session = session or default_session()
    plan = plan_proposals(lambda spaces: most_probable_points(session, spaces))
    evaluation = Evaluation(metric, feed_dict, recalibrate)
    note_updates(session, at_once=True)
    return derive_in(session, SIGNAL, select_paths, plan, evaluation, samples=samples, top=top, output=output)


def _prepare(loss: Any) -> None:
    """Build what the updates on a loss need."""
    if not isinstance(loss, tf.Tensor):
        raise ValueError(f"training_update needs the loss, a tensor, not {loss!r:.100}")
    signal = find_signal(loss, SIGNAL)  # by the graph of the loss
    if signal is not None:
        update_of(signal, loss, trial().options)


def _paths(space: LayerSpace) -> Paths:
    selected = initial_selection()
    return weighted_paths(signal_of(SIGNAL, tf.float32), space, selected.choice(space) if selected else None)
