"""A step on the architecture weights of a session's graph.

    update_of(signal, loss, options).run(session, feed, None)

goes down the gradient of the loss by the architecture weights, with the model's own weights as they are: the first
order of Liu, Simonyan and Yang, ICLR 2019, their equation 6 with xi = 0. For the option `unrolled` see there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import tensorflow as tf

from nascompile_runtime.graph.signal import Session, Signal, Tensor, run_between_steps
from nascompile_runtime.graph.weighted_sum.adam import apply_gradients
from nascompile_runtime.graph.weighted_sum.unrolled import Unrolled
from nascompile_runtime.graph.weighted_sum.weights import Trained, all_weights, step_counter
from nascompile_runtime.options import Options

Pairs: TypeAlias = Sequence[tuple[Tensor, Trained]]
"""Gradients of architecture weights."""


class Update(Protocol):
    """What makes a step."""

    def run(self, session: Session, feed: Any, train_feed: Any) -> int:
        """Make a step on the data of `feed`, and return the number of steps with it."""


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """Makes a step by the gradient of the loss."""

    step: Tensor
    """Makes the step when it is run, and is the number of steps with it."""

    def run(self, session: Session, feed: Any, train_feed: Any) -> int:
        """Make a step on the data of `feed`; there is no use for others."""
        return int(run_between_steps(session, self.step, feed))


def update_of(signal: Signal, loss: Any, options: Options) -> Update:
    """The update on a loss, built when it is first asked for.

    Raises:
        ValueError: the loss is no tensor of the signal's graph, or no architecture weight has an influence on it.
        RuntimeError: the graph is finalized, and the update is not in it.
    """
    if not isinstance(loss, tf.Tensor) or loss.graph is not signal.graph:
        raise ValueError(f"training_update needs the loss, a tensor of the session's graph, not {loss!r:.100}")
    key = ("update", loss.ref(), options.unrolled)
    if signal.graph.finalized and not signal.has(key):
        raise RuntimeError(
            "the graph is finalized, and the update of the architecture weights is not in it; "
            "call training_update(loss=...) once without a session, before the session is made"
        )

    def build() -> Update:
        pairs, counter = _gradients(signal, loss), step_counter(signal)
        if options.unrolled:
            return Unrolled(loss, pairs, counter, options)
        return FirstOrder(apply_gradients(pairs, counter, options))

    with signal.graph.as_default():
        update: Update = signal.once(key, build, "nascompile/update/")
    return update


def _gradients(signal: Signal, loss: Tensor) -> Pairs:
    """The gradients of a loss by the architecture weights that have an influence on it."""
    trained = [each for weights in all_weights(signal) for each in weights.trained]
    gradients = tf.gradients(loss, [each.value for each in trained])
    pairs = [(gradient, each) for gradient, each in zip(gradients, trained, strict=True) if gradient is not None]
    if not pairs:
        raise ValueError(f"the loss {loss.name!r} does not depend on any architecture weight; is it another net's?")
    return pairs
