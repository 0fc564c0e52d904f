"""Signals: values that a session's graph reads, and that we set between its steps without touching the graph.

    signal = signal_of("enas", tf.int32)                       # the one vector of the graph being built
    chosen = signal.slot(("trial/Net.build", "h1"), [0, 1])    # an int32 tensor [2]: the layer's part, [0, 1] so far
    ...
    signal.load(session, {("trial/Net.build", "h1"): [3, 0]})  # one session call for all layers

A signal is a resource variable that TensorFlow does not know as one: it stands in no collection, so a Saver neither
keeps nor restores it, and no initializer is run for it. Each session has its own values (those of one `tf.train.Server`
share them, as they share all variables of a graph). A session that never loaded any reads what was put in use last, for
all sessions of this process; where nothing was, each slot reads its default, and so does a slot that was made later.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias

import numpy as np
import tensorflow as tf

from nascompile_runtime.graph.executors import check_executor
from nascompile_runtime.graph.helpers import as_helpers
from nascompile_runtime.graph.imported import check_not_imported
from nascompile_runtime.graph.in_use import InUse
from nascompile_runtime.parameters import trial

Tensor: TypeAlias = Any
Session: TypeAlias = Any
Operation: TypeAlias = Any
Key: TypeAlias = Hashable
Numbers: TypeAlias = Sequence[float]

_ATTRIBUTE = "_nascompile_signals"


class Watcher(Protocol):
    """Looks at a session each time that the signal is loaded there, in the same call."""

    @property
    def counts(self) -> list[Tensor]:
        """What is read from the graph."""

    def read(self, session: Session, values: list[Any]) -> None:
        """Take in what was read, before the new values count."""

    def loaded(self, session: Session, note: Any) -> None:
        """Take in what the loader notes of the new values."""


class Signal:
    """One vector of a graph, cut into slots. Made by `signal_of`."""

    def __init__(self, name: str, dtype: Any) -> None:
        self.graph: Any = tf.compat.v1.get_default_graph()
        self._dtype = tf.as_dtype(dtype)
        self._defaults: dict[Key, tuple[float, ...]] = {}
        self._made: dict[Key, Any] = {}
        # The raw operations, because tf.Variable becomes another thing by the user's switches and enters collections.
        # By its shared name a server would take another graph's signal for this one.
        shared_name = f"nascompile/{name}/{uuid.uuid4().hex}"
        handle = tf.raw_ops.VarHandleOp(dtype=self._dtype, shape=[None], shared_name=shared_name, name=name)
        self._in_use = InUse(self.graph, self._dtype)
        self._own, self._values = self._read(handle)
        # Everything that loading needs is made here: the graph may be finalized before the first load.
        self._fed = tf.compat.v1.placeholder(self._dtype, [None], name=f"{name}_fed")
        self._assign = tf.raw_ops.AssignVariableOp(resource=handle, value=self._fed, name=f"{name}_load")
        self._forget = tf.raw_ops.DestroyResourceOp(resource=handle, ignore_lookup_error=True, name=f"{name}_forget")
        self.watcher: Watcher | None = None
        self._note: Any = None

    def slot(self, key: Key, defaults: Numbers) -> Tensor:
        """A tensor `[len(defaults)]` of the numbers loaded for `key`, the same one each time for the same key."""
        return self.once(("slot", key), lambda: self._new_slot(key, defaults))

    def once(self, key: Key, build: Callable[[], Any], name_scope: str = "nascompile/signals/") -> Any:
        """What `build()` makes of the signal, made once in the graph and outside of every loop and function."""
        if key not in self._made:
            with outside(name_scope):
                self._made[key] = build()
        return self._made[key]

    def has(self, key: Key) -> bool:
        """Whether `once` has made what belongs to a key."""
        return key in self._made

    @property
    def keys(self) -> list[Key]:
        """The keys of the slots, in the order in which they were made."""
        return list(self._defaults)

    def load(self, session: Session, values: Mapping[Key, Numbers], note: Any = None) -> None:
        """Set the whole signal in one session call; slots that `values` lacks go back to their defaults.

        In a monitored session its hooks do not run: for them this is no step. The watcher is told the note.

        Raises:
            ValueError: the session runs another graph, or `values` does not fit the slots.
            RuntimeError: the session cannot run switches.
        """
        if session.graph is not self.graph:
            raise ValueError("this session runs another graph than the one that the signal was built in")
        self._load(session, self._vector(values), note)

    def put_in_use(self, values: Mapping[Key, Numbers]) -> None:
        """Set what sessions of this process read that never loaded anything, and those that there will be.

        Raises:
            ValueError: `values` does not fit the slots.
        """
        self._in_use.put(self._vector(values))

    @contextmanager
    def kept(self, session: Session) -> Iterator[None]:
        """In this context it may be loaded with anything; at the end it is what it was before in this session."""
        before, note = run_between_steps(session, self._own), self._note
        try:
            yield
        finally:
            if before.size:
                self._load(session, before, note)
            else:
                self._set(session, self._forget, None, note)

    def _vector(self, values: Mapping[Key, Numbers]) -> list[float]:
        unknown = values.keys() - self._defaults.keys()
        if unknown:
            raise ValueError(f"the signal has no slot {next(iter(unknown))!r}")
        numbers: list[float] = []
        for key, defaults in self._defaults.items():
            given = values.get(key, defaults)
            if len(given) != len(defaults):
                raise ValueError(f"slot {key!r} of the signal holds {len(defaults)} numbers, not {len(given)}")
            numbers.extend(given)
        return numbers

    def _load(self, session: Session, numbers: Any, note: Any) -> None:
        self._set(session, self._assign, {self._fed: np.asarray(numbers, self._dtype.as_numpy_dtype)}, note)

    def _set(self, session: Session, change: Operation, feed: Any, note: Any) -> None:
        watcher, self._note = self.watcher, note

        def run(inner: Session) -> None:
            check_executor(inner)
            _, *counts = inner.run([change, *(watcher.counts if watcher else [])], feed)
            if watcher:
                watcher.read(inner, counts)
                watcher.loaded(inner, note)

        between_steps(session, run)

    def _new_slot(self, key: Key, defaults: Numbers) -> Tensor:
        begin = sum(map(len, self._defaults.values()))
        self._defaults[key] = tuple(defaults)
        loaded = self._values[begin : begin + len(defaults)]
        # Slicing clips, so what the session's vector is too short for is taken from the defaults.
        value = tf.concat([loaded, tf.constant(defaults, self._dtype)[tf.size(loaded) :]], axis=0)
        value.set_shape([len(defaults)])
        return value

    def _read(self, handle: Tensor) -> tuple[Tensor, Tensor]:
        """The session's own vector, empty if it never loaded one; and that or else the one in use.

        By hand, so that no switch of the user changes it.
        """
        loaded = tf.raw_ops.VarIsInitializedOp(resource=handle)
        read = tf.raw_ops.ReadVariableOp(
            resource=tf.raw_ops.Switch(data=handle, pred=loaded).output_true, dtype=self._dtype
        )
        nothing = tf.raw_ops.Switch(data=tf.constant([], self._dtype), pred=loaded).output_false
        own: Tensor = tf.raw_ops.Merge(inputs=[nothing, read]).output
        values: Tensor = tf.raw_ops.Merge(inputs=[read, *self._in_use.read(unless=loaded)]).output
        values.set_shape([None])
        return own, values


def signal_of(name: str, dtype: Any) -> Signal:
    """The signal of this name in the graph that is being built, made if there is none.

    Raises:
        RuntimeError: no graph is being built; TensorFlow executes eagerly.
    """
    with outside("nascompile/"):
        if tf.executing_eagerly():
            raise RuntimeError(
                f"{name} mode needs a TensorFlow graph: build the model under `with tf.Graph().as_default():`, "
                "or call tf.compat.v1.disable_eager_execution() first"
            )
        graph = tf.compat.v1.get_default_graph()
        signals: dict[str, Signal] | None = getattr(graph, _ATTRIBUTE, None)
        if signals is None:
            # On the graph itself: a table beside it would keep it alive, since a signal refers to its graph.
            signals = {}
            setattr(graph, _ATTRIBUTE, signals)
        if name not in signals:
            signals[name] = Signal(name, dtype)
        trial().graphs.add(graph)
        return signals[name]


def living_signals(name: str) -> list[Signal]:
    """The signals of this name in all graphs of this search that there still are."""
    signals = [getattr(graph, _ATTRIBUTE, {}).get(name) for graph in list(trial().graphs)]
    return [signal for signal in signals if signal is not None]


def find_signal(session: Session, name: str) -> Signal | None:
    """The signal of this name in the graph of a session, or None where nothing has built one.

    Raises:
        TypeError: `session` is no TensorFlow session.
        ValueError: the graph has layers that were imported from a file.
        RuntimeError: it is closed.
    """
    check_session(session)
    signals: dict[str, Signal] = getattr(session.graph, _ATTRIBUTE, {})
    if not signals:
        check_not_imported(session.graph)
    if name in signals and getattr(session, "_closed", False):
        raise RuntimeError("this session is closed: use it inside of `with tf.compat.v1.Session() as session:`")
    if name in signals:
        trial().graphs.add(session.graph)  # it may have been built in a search before this one
    return signals.get(name)


def check_session(session: Session) -> None:
    """Raises TypeError where `session` is no TensorFlow session."""
    if not isinstance(getattr(session, "graph", None), tf.Graph):
        raise TypeError(f"a TensorFlow session is needed here, not {session!r}")


def between_steps(session: Session, action: Callable[[Session], Any]) -> Any:
    """What `action(session)` gives, as no step of a monitored session: its hooks do not run."""
    if hasattr(session, "run_step_fn"):
        return session.run_step_fn(lambda step_context: action(step_context.session))
    return action(session)


def run_between_steps(session: Session, fetches: Any, feed: Any = None) -> Any:
    """What `session.run` gives, as no step of a monitored session."""
    return between_steps(session, lambda inner: inner.run(fetches, feed))


def is_announcement(session: Session, loss: Any, feed_dict: Any) -> bool:
    """Whether a `training_update` only tells of its loss: it has no session and no feed.

    That is for darts, which then builds what its updates need, before a graph is finalized; others have nothing to do.
    """
    return session is None and loss is not None and feed_dict is None


def default_session() -> Session | None:
    """The session that `with session.as_default():` made the default one, if any."""
    return tf.compat.v1.get_default_session()


@contextmanager
def outside(name_scope: str) -> Iterator[None]:
    """In the graph itself: not in a function, loop or conditional that is being built, nor among the user's names.

    On the CPU, where small integers and control flow live anyway; and of the process that runs the session, whatever
    the user's devices are: parameter servers are shared by workers, and what a worker runs is its own.
    """
    with tf.init_scope(), as_helpers(name_scope), tf.device(None), tf.device("/device:CPU:0"):
        yield
