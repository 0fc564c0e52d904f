"""What `session.run` does beside: a graph that has grown is loaded again, and what was fetched in vain is explained.

A layer that is an optional input only, and that nobody chose, does not run. Built later, an operation on it would do
nothing until the next load; fetched itself, its output is "Retval[0] does not have value".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import tensorflow as tf
from tensorflow.python.client import session as sessions

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph.conditional.lost_steps import LostSteps
from nascompile_runtime.graph.conditional.switching import Graph, GraphState, Operation, Tensor, find_state
from nascompile_runtime.layer import LayerError

Key: TypeAlias = Any
Choices: TypeAlias = Mapping[Key, Choice]

_NO_VALUE = "does not have value"


@dataclass(frozen=True, slots=True)
class Loading:
    """What is loaded: all choices, and those in layers that run."""

    choices: Choices
    running: Choices


class Runs:
    """The sessions of a graph in which choices were loaded."""

    def __init__(self, lost_steps: LostSteps, reload: Callable[[Any, Choices], None]) -> None:
        """`reload` loads choices in a session."""
        self._lost_steps = lost_steps
        self._reload = reload
        self._loaded: WeakKeyDictionary[Any, Loading] = WeakKeyDictionary()
        self._versions: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        """Of the graph, when it was decided which layers run in a session."""

    @property
    def counts(self) -> list[Tensor]:
        """What is read from the graph when choices are loaded."""
        return self._lost_steps.counts

    def read(self, session: Any, values: list[Any]) -> None:
        """Take in what was read."""
        self._lost_steps.read(session, values)

    def loaded(self, session: Any, note: Loading | None) -> None:
        """Note what was loaded in a session, or with None that it has forgotten what was."""
        if note is None:
            self._lost_steps.loaded(session, {})
            self._loaded.pop(session, None)
            self._versions.pop(session, None)
            return
        self._lost_steps.loaded(session, note.running)
        self._loaded[session] = note
        self._versions[session] = session.graph.version

    def before(self, session: Any) -> None:
        """Load again what was loaded before the graph has grown: other layers may have to run."""
        version = session.graph.version
        if self._versions.get(session, version) != version:
            self._versions[session] = version
            self._reload(session, self._loaded[session].choices)

    def skipped(self, session: Any) -> set[Key]:
        """The layers that do not run in the session."""
        loading = self._loaded.get(session)
        return set() if loading is None else set(loading.choices) - set(loading.running)


@cache
def install() -> None:
    """Look at the runs of all sessions from now on, where the graph has mutable layers."""
    plainly_run = sessions.BaseSession.run

    @wraps(plainly_run)
    def run(session: Any, fetches: Any, *args: Any, **kwargs: Any) -> Any:
        state = find_state(session.graph)
        if state is None or state.runs is None:
            return plainly_run(session, fetches, *args, **kwargs)
        state.runs.before(session)
        try:
            return plainly_run(session, fetches, *args, **kwargs)
        except tf.errors.InvalidArgumentError as error:
            if _NO_VALUE in str(error):
                _explain(session, fetches, state, error)
            raise

    sessions.BaseSession.run = run


def _explain(session: Any, fetches: Any, state: GraphState, error: Exception) -> None:
    skipped = state.runs.skipped(session)
    for operation in _fetched(session.graph, fetches):
        for key in _layers_of(operation, state):
            if key in skipped:
                raise LayerError(
                    f"{operation.name!r} cannot be fetched in this step: {state.codes[key].space} does not run, as it "
                    "is an optional input that the architecture does not choose; a layer runs in all steps if anything "
                    "else uses it, such as a `tf.identity` of its output"
                ) from error


def _fetched(graph: Graph, fetches: Any) -> Iterator[Operation]:
    for fetch in tf.nest.flatten(fetches, expand_composites=True):
        try:
            element = graph.as_graph_element(fetch)
        except (TypeError, ValueError, KeyError):
            continue
        yield getattr(element, "op", element)


def _layers_of(operation: Operation, state: GraphState) -> Iterator[Key]:
    """The layers that the operation needs, whatever is chosen."""
    layers = {output.op: key for key, outputs in state.outputs.items() for output in outputs}
    seen: set[Operation] = set()
    waiting = [operation]
    while waiting:
        source = waiting.pop()
        if source in seen or source in state.options:
            continue
        seen.add(source)
        if source in layers:
            yield layers[source]
        waiting += [*(tensor.op for tensor in source.inputs), *source.control_inputs]
