"""Whatever differentiates a graph with layers, `tf.gradients` or a `GradientTape`, is noted (`reach`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import imperative_grad
from tensorflow.python.ops import gradients_util

from nascompile_runtime.graph.conditional.reach import SEED, Reach
from nascompile_runtime.graph.conditional.switching import find_state


@cache
def install() -> None:
    """Note all gradients from now on, in graphs with mutable layers."""
    plain_gradients = gradients_util._GradientsHelper
    plain_tape = imperative_grad.imperative_grad

    def gradients(ys: Any, xs: Any, *arguments: Any, **options: Any) -> Any:
        return _noted(ys, xs, lambda: plain_gradients(ys, xs, *arguments, **options))

    def tape_gradients(
        tape: Any, target: Any, sources: Any, output_gradients: Any = None, *arguments: Any, **options: Any
    ) -> Any:
        def differentiate() -> Any:
            return plain_tape(tape, target, sources, _seeds(target, output_gradients), *arguments, **options)

        if _is_noted():
            return _noted(target, sources, differentiate)
        return plain_tape(tape, target, sources, output_gradients, *arguments, **options)

    gradients_util._GradientsHelper = gradients
    imperative_grad.imperative_grad = tape_gradients


def _is_noted() -> bool:
    """Whether a graph with layers is differentiated from outside of candidates, and not within another gradient."""
    state = None if tf.executing_eagerly() else find_state(tf.compat.v1.get_default_graph())
    return state is not None and not state.building and not state.is_differentiating


def _noted(ys: Any, xs: Any, differentiate: Callable[[], Any]) -> Any:
    if not _is_noted():
        return differentiate()
    graph = tf.compat.v1.get_default_graph()
    reach = Reach.of(graph)
    start = len(graph.get_operations())
    reach.state.is_differentiating = True
    try:
        found = differentiate()
    finally:
        reach.state.is_differentiating = False
    reach.note(graph.get_operations()[start:], ys, xs, found)
    return found


def _seeds(targets: Any, given: Any) -> list[Any]:
    """What a tape starts from, named as `tf.gradients` names it."""
    given = given or [None] * len(targets)
    return [
        tf.ones_like(target, name=f"{SEED}{number}") if seed is None else tf.identity(seed, name=f"{SEED}{number}")
        for number, (target, seed) in enumerate(zip(targets, given, strict=True))
    ]
