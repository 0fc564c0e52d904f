"""A step on the architecture weights of a session's graph.

    Update.of(signal, loss).run(session, feed_dict)

goes down the gradient of the loss by the architecture weights, with the model's weights as they are: the first order of
Liu, Simonyan and Yang, ICLR 2019, equations 5 and 6 with xi = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.signal import Session, Signal, Tensor, run_between_steps
from nascompile_runtime.graph.weighted_sum.adam import apply_gradients
from nascompile_runtime.graph.weighted_sum.weights import Trained, all_weights, step_counter
from nascompile_runtime.options import Options


@dataclass(frozen=True, slots=True)
class Update:
    """The operations of a step on one loss."""

    step: Tensor
    """Makes the step, and is the number of steps made so far."""

    @classmethod
    def of(cls, signal: Signal, loss: Any, options: Options) -> Update:
        """The update on a loss, built when it is first asked for.

        Raises:
            ValueError: the loss is no tensor of the signal's graph, or no architecture weight has an influence on it.
            RuntimeError: the graph is finalized, and the update is not there.
        """
        graph = signal.graph
        if not isinstance(loss, tf.Tensor) or loss.graph is not graph:
            raise ValueError(f"training_update needs the loss, a tensor of the session's graph, not {loss!r:.100}")

        def build() -> Update:
            return cls(apply_gradients(gradients_of(signal, loss), step_counter(signal), options))

        if graph.finalized and not signal.has(("update", loss.ref())):
            raise RuntimeError(
                "the graph is finalized, and the update of the architecture weights is not in it; call "
                "training_update(loss=...) once without a session, before the session is made"
            )
        with graph.as_default():
            update: Update = signal.once(("update", loss.ref()), build, "nascompile/update/")
        return update

    def run(self, session: Session, feed: Any) -> int:
        """Make a step, and return the number of steps with it."""
        return int(run_between_steps(session, self.step, feed))


def gradients_of(signal: Signal, loss: Tensor) -> list[tuple[Tensor, Trained]]:
    """The gradients of a loss by the architecture weights that have an influence on it.

    Raises:
        ValueError: none has.
    """
    trained = [each for weights in all_weights(signal) for each in weights.trained]
    gradients = tf.gradients(loss, [each.value for each in trained])
    pairs = [(gradient, each) for gradient, each in zip(gradients, trained, strict=True) if gradient is not None]
    if not pairs:
        raise ValueError(f"the loss {loss.name!r} does not depend on any architecture weight; is it another net's?")
    return pairs
