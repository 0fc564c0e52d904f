"""Training steps that did nothing: what waits for a dead tensor does not run, and `session.run` says nothing of it.

    install()                                   # from now on, what apply_gradients makes counts how often it ran
    lost = LostSteps(describe, start)           # each load of the signal has it read the counts (`runs`)

None should be, so this is a net. It cannot tell a false alarm. Of a step that raises, or is still running, nothing is
counted: the count of steps goes up when all updates are over, dead or not, and after that of steps whose updates ran.
It sees neither optimizers with an `apply_gradients` of their own, nor steps after the last load of a session that is
never closed; nor a gradient that is wrong, but alive.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import tensorflow as tf
from tensorflow.python.client import session as sessions
from tensorflow.python.training import optimizer as optimizers

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.conditional.switching import Graph, Operation, Tensor, find_state, helper_scope, is_inside

Key: TypeAlias = Any
Chosen: TypeAlias = Mapping[Key, Choice]

_UNREADABLE = (tf.errors.OpError, RuntimeError, ValueError)
"""What reading raises in a session that is closing after a failure."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """A training step, and scalars that tell how often it came to its end, and how often all its updates ran."""

    name: str
    ended: Tensor
    made: Tensor


@dataclass(slots=True)
class _Seen:
    """What is known of a session: what was chosen last, and the counts at that time."""

    chosen: Chosen
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)


class LostSteps:
    """The training steps of a graph that are counted, and what was read of them. One for each graph."""

    def __init__(self, describe: Callable[[Key, int], str], start: Callable[[], Chosen]) -> None:
        """`describe` names a candidate of a layer; `start` gives what a session runs that nothing was loaded in."""
        self._describe = describe
        self._start = start
        self._steps: list[_Counted] = []
        self._seen: WeakKeyDictionary[Any, _Seen] = WeakKeyDictionary()
        self._trained: set[tuple[Key, int]] = set()
        self._told: set[str] = set()

    @property
    def counts(self) -> list[Tensor]:
        """What `read` takes the values of."""
        return [count for step in self._steps for count in (step.ended, step.made)]

    def count(self, step: Operation) -> None:
        """From now on, count how often this operation does what it waits for."""
        updates = step.control_inputs
        if not updates:
            return
        with step.graph.as_default(), helper_scope(), tf.control_dependencies(None), tf.device("/device:CPU:0"):
            made, ended = _counter(f"made/{step.name}"), _counter(f"ended/{step.name}")
            with tf.control_dependencies(updates):
                ran = _count_one(made)
            # A merge waits for dead operations, too, but is alive when its input is. (Not for a constant one, which
            # would be folded.)
            with tf.control_dependencies([*updates, ran]):
                over = tf.raw_ops.Merge(inputs=[ended]).output
            step._add_control_input(_count_one(over))
            # The steps that ended are read first: then the others cannot be fewer while a step is running.
            ended_now = tf.raw_ops.ResourceAccumulatorNumAccumulated(handle=ended)
            with tf.control_dependencies([ended_now]):
                made_now = tf.raw_ops.ResourceAccumulatorNumAccumulated(handle=made)
        self._steps.append(_Counted(step.name, ended_now, made_now))

    def read(self, session: Any, values: list[int]) -> None:
        """Take in the values of `counts` in a session, and say what did nothing since the last time."""
        seen = self._seen.setdefault(session, _Seen(self._start()))
        for step, ended, made in zip(self._steps, values[::2], values[1::2], strict=False):
            ended_before, made_before = seen.counts.get(step.name, (0, 0))
            seen.counts[step.name] = int(ended), int(made)
            chosen = {(key, choice.candidate) for key, choice in seen.chosen.items()}
            if made > made_before:
                self._trained |= chosen
            lost = (ended - ended_before) - (made - made_before)
            if lost > 0:
                self._tell(step, lost, chosen)

    def loaded(self, session: Any, chosen: Chosen) -> None:
        """Note what was chosen in a session whose counts were read."""
        self._seen[session].chosen = chosen

    def knows(self, session: Any) -> bool:
        """Whether anything was read in the session."""
        return session in self._seen

    def _tell(self, step: _Counted, lost: int, chosen: set[tuple[Key, int]]) -> None:
        suspects = sorted(chosen - self._trained or chosen, key=repr)
        names = ", ".join(self._describe(*suspect) for suspect in suspects)
        if names not in self._told:
            self._told.add(names)
            many = "a training step" if lost == 1 else f"{lost} training steps"
            print(
                f"nascompile: {many} did nothing: {step.name!r} waits for a tensor that did not exist, and TensorFlow "
                f"does not tell; it was with {names}. This should not be: please report it. It may help to set "
                "`graph_options.rewrite_options.disable_meta_optimizer = True` in the session's configuration",
                file=sys.stderr,
                flush=True,
            )


@cache
def install() -> None:
    """Count the steps of all optimizers from now on, in graphs with mutable layers."""
    plainly_apply = optimizers.Optimizer.apply_gradients
    plainly_close = sessions.BaseSession.close

    @wraps(plainly_apply)
    def apply_gradients(optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        step = plainly_apply(optimizer, *args, **kwargs)
        lost = _lost_steps_of(getattr(step, "graph", None))
        operation = getattr(step, "op", step)
        if lost is not None and isinstance(operation, tf.Operation) and not is_inside(operation.graph):
            lost.count(operation)
        return step

    @wraps(plainly_close)
    def close(session: Any) -> None:
        lost = _lost_steps_of(session.graph)
        if lost is not None and lost.knows(session):
            with suppress(*_UNREADABLE):
                lost.read(session, session.run(lost.counts))
        plainly_close(session)

    optimizers.Optimizer.apply_gradients = apply_gradients
    sessions.BaseSession.close = close


def _lost_steps_of(graph: Graph | None) -> LostSteps | None:
    state = None if graph is None else find_state(graph)
    return None if state is None else state.lost_steps


def _counter(name: str) -> Tensor:
    """A counter as a session has it. It is an accumulator, since a variable would need an initial value."""
    return tf.raw_ops.ResourceConditionalAccumulator(
        dtype=tf.float32, shape=[], shared_name=f"nascompile/{name}", name="counter"
    )


def _count_one(counter: Tensor) -> Operation:
    return tf.raw_ops.ResourceAccumulatorApplyGradient(
        handle=counter, local_step=tf.constant(0, tf.int64), gradient=tf.constant(0.0)
    )
