"""A step on the architecture weights that looks through a step of the model's own weights: the second order of darts.

With w the trainable variables, a the architecture weights and w' = w - xi * dL_train(w, a)/dw, the gradient is

    dL_val(w', a)/da - xi * (dL_train(w+, a)/da - dL_train(w-, a)/da) / (2 * epsilon)

    w+ and w- = w + and - epsilon * dL_val(w', a)/dw'        epsilon = 0.01 / |dL_val(w', a)/dw'|

Source: Liu, Simonyan and Yang, "DARTS: Differentiable Architecture Search", ICLR 2019, equations 6 to 8. Both losses
are the one loss, on validation and on training data. It takes four passes, which find their weights in the variables;
at the end, also where a pass fails, these are to the last bit what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.signal import Session, Tensor, between_steps
from nascompile_runtime.graph.weighted_sum.adam import apply_gradients
from nascompile_runtime.graph.weighted_sum.weights import Trained
from nascompile_runtime.options import Options

_RADIUS = 0.01
"""How far w+ and w- are from w."""

v1 = tf.compat.v1


class Unrolled:
    """Makes a step by the gradient of a loss on validation data after a step of the weights on training data."""

    def __init__(self, loss: Tensor, pairs: Sequence[tuple[Tensor, Trained]], counter: Any, options: Options) -> None:
        """Build it from the loss and its gradients by architecture weights."""
        xi = options.unrolled_learning_rate
        found = [*zip(v1.trainable_variables(), tf.gradients(loss, v1.trainable_variables()), strict=True)]
        variables = [variable for variable, slope in found if slope is not None]
        slopes = [tf.convert_to_tensor(slope) for _, slope in found if slope is not None]
        gradients = [gradient for gradient, _ in pairs]
        before, direction = ([_Kept(each) for each in variables] for _ in range(2))
        outer, above, below = ([_Kept(each) for each in gradients] for _ in range(3))

        def at(distance: Tensor, slopes: Sequence[Tensor]) -> list[Tensor]:
            """The weights at so many times the slopes from where they were."""
            return [
                one.value + tf.cast(distance, slope.dtype) * slope for one, slope in zip(before, slopes, strict=True)
            ]

        kept_slopes = [each.value for each in direction]
        epsilon, kept_epsilon = _epsilon(slopes), _epsilon(kept_slopes)
        self._keep = _keep(before, [each.read_value() for each in variables])
        self._step_ahead = _move(variables, at(-xi, slopes), after=slopes)
        validated = [_keep(direction, slopes), _keep(outer, gradients)]
        self._validate = _move(variables, at(epsilon, slopes), after=validated)
        self._train_above = _move(variables, at(-kept_epsilon, kept_slopes), after=[_keep(above, gradients)])
        self._train_below = _keep(below, gradients)
        self._restore = _move(variables, [each.value for each in before], after=[])
        unrolled = [
            one.value - xi * tf.math.divide_no_nan(plus.value - minus.value, 2 * kept_epsilon)
            for one, plus, minus in zip(outer, above, below, strict=True)
        ]
        trained = [each for _, each in pairs]
        self._step = apply_gradients(list(zip(unrolled, trained, strict=True)), counter, options)

    def run(self, session: Session, feed: Any, train_feed: Any) -> int:
        """Make a step on the validation data of `feed` and the training data of `train_feed`.

        Raises:
            ValueError: there is no training data.
        """
        if train_feed is None:
            message = "with the option unrolled, training_update needs training data too: "
            raise ValueError(message + "training_update(..., feed_dict=..., train_feed_dict=...)")
        return int(between_steps(session, lambda inner: self._run(inner, feed, train_feed)))

    def _run(self, session: Session, feed: Any, train_feed: Any) -> Any:
        session.run(self._keep)
        try:
            session.run(self._step_ahead, train_feed)
            session.run(self._validate, feed)
            session.run(self._train_above, train_feed)
            session.run(self._train_below, train_feed)
        finally:
            session.run(self._restore)
        return session.run(self._step)


class _Kept:
    """A place for a tensor like another one, between runs of a session. It stands in no collection."""

    def __init__(self, like: Any) -> None:
        name = v1.get_default_graph().unique_name("kept")
        dtype = like.dtype.base_dtype
        with tf.device(like.device or None):
            self._handle = tf.raw_ops.VarHandleOp(dtype=dtype, shape=like.shape, shared_name=name, name="kept")
            self.value = tf.raw_ops.ReadVariableOp(resource=self._handle, dtype=dtype)

    def keep(self, tensor: Tensor) -> Any:
        """What puts a tensor here: a copy, since TensorFlow may go on to write where the tensor is."""
        return tf.raw_ops.AssignVariableOp(resource=self._handle, value=tf.raw_ops.DeepCopy(x=tensor))


def _keep(places: Sequence[_Kept], tensors: Sequence[Tensor]) -> Any:
    return tf.group(*(place.keep(tensor) for place, tensor in zip(places, tensors, strict=True)))


def _move(variables: Sequence[Any], values: Sequence[Tensor], *, after: Sequence[Any]) -> Any:
    """What sets variables, when all of `after` is computed from the variables as they were."""
    with tf.control_dependencies(list(after)):
        moves = zip(variables, values, strict=True)
        return tf.group(*(variable.assign(value, read_value=False) for variable, value in moves))


def _epsilon(slopes: Sequence[Tensor]) -> Tensor:
    """How far to go along slopes to be at `_RADIUS`; 0 where there is nothing to go along."""
    norm = tf.sqrt(tf.add_n([tf.reduce_sum(tf.square(tf.cast(each, tf.float32))) for each in slopes]))
    return tf.math.divide_no_nan(_RADIUS, norm)
