"""What the update operations of a graph write to: the moving averages of batch normalisation, most of all.

    statistics = Statistics(session.graph)
    with statistics.kept(session):                   # afterwards they are what they were, bit for bit
        statistics.update(session, feed)

An update may write to any variable, so those are found that the operations reach in any way but reading. Nothing is
added to the graph, which may be finalized: values are put back by the variables' own initializers, fed with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.signal import Session, run_between_steps

v1 = tf.compat.v1

_VARIABLES = ("VarHandleOp", "VariableV2", "Variable")
_READING = ("ReadVariableOp", "VarIsInitializedOp", "IsVariableInitialized", "VariableShape", "ResourceGather")
_PASSING = ("Identity", "RefIdentity", "Switch", "RefSwitch", "_SwitchN", "Enter", "RefEnter")


class Written:
    """The variables that operations may write to."""

    def __init__(self, graph: Any, operations: Collection[Any]) -> None:
        """Raises ValueError where a variable can be told by no collection, nor by the names of its operations."""
        written = _written(list(operations))
        self._variables = _find_variables(graph, written)
        local = {variable.op for variable in graph.get_collection(v1.GraphKeys.LOCAL_VARIABLES)}
        self._counters = [variable.initializer for variable in self._variables if variable.op in local]

    def reset(self, session: Session) -> None:
        """Initialise those that are local, such as the totals and counts of `tf.metrics`."""
        if self._counters:
            run_between_steps(session, self._counters)

    @contextmanager
    def kept(self, session: Session) -> Iterator[None]:
        """In this context the variables may change; at the end they are what they were before."""
        if not self._variables:
            yield
            return
        before = run_between_steps(session, [variable.value for variable in self._variables])
        try:
            yield
        finally:
            self._put_back(session, before)

    def _put_back(self, session: Session, values: list[Any]) -> None:
        initializers = [variable.initializer for variable in self._variables]
        waiting = list(zip(initializers, values, strict=True))
        while waiting:
            # Variables may have their initial value from one tensor, which is fed with one value at a time.
            now: dict[Any, tuple[Any, Any]] = {}
            later = []
            for initializer, value in waiting:
                initial = initializer.inputs[1]
                if initial.name in now:
                    later.append((initializer, value))
                else:
                    now[initial.name] = initializer, value
            _assign(session, now.values())
            waiting = later


class Statistics(Written):
    """The update operations of a graph (its collection UPDATE_OPS) and the variables that they may write to."""

    def __init__(self, graph: Any) -> None:
        """Raises ValueError where the graph has no update operations."""
        self._updates = graph.get_collection(v1.GraphKeys.UPDATE_OPS)
        if not self._updates:
            raise ValueError("derive: recalibrate has nothing to refresh: the graph has no UPDATE_OPS")
        super().__init__(graph, [getattr(update, "op", update) for update in self._updates])

    def update(self, session: Session, feed: Any) -> None:
        """Run the update operations once."""
        run_between_steps(session, self._updates, feed)


@dataclass(frozen=True, slots=True)
class _Variable:
    """What it takes to read a variable and to set it."""

    op: Any
    value: Any
    initializer: Any


def _find_variables(graph: Any, written: Collection[Any]) -> list[_Variable]:
    """The variables of these operations, in whatever collection they are, or in none."""
    found: dict[Any, _Variable] = {}
    for key in graph.get_all_collection_keys():
        for value in graph.get_collection(key):
            if isinstance(value, tf.Variable) and value.op in written:
                found.setdefault(value.op, _Variable(value.op, value, value.initializer))
    for operation in sorted(set(written) - found.keys(), key=lambda operation: str(operation.name)):
        found[operation] = _variable_by_names(graph, operation)
    return list(found.values())


def _variable_by_names(graph: Any, operation: Any) -> _Variable:
    try:
        read = graph.get_operation_by_name(f"{operation.name}/Read/ReadVariableOp")
        initializer = graph.get_operation_by_name(f"{operation.name}/Assign")
    except KeyError:
        raise ValueError(
            f"derive: the variable {operation.name!r}, which is written while an architecture is measured, stands in "
            "no collection, so it cannot be put back; make it with collections=[tf.GraphKeys.LOCAL_VARIABLES]"
        ) from None
    return _Variable(operation, read.outputs[0], initializer)


def _assign(session: Session, values: Collection[tuple[Any, Any]]) -> None:
    """Run initializers with other values than their own."""
    operations = [initializer for initializer, _ in values]
    feed = {initializer.inputs[1]: value for initializer, value in values}
    run_between_steps(session, operations, feed)


def _written(updates: list[Any]) -> set[Any]:
    """The variables that operations, or what these need, may write to."""
    written: set[Any] = set()
    seen, waiting = set(updates), list(updates)
    while waiting:
        operation = waiting.pop()
        if operation.type not in _READING and operation.type not in _PASSING:
            written.update(filter(None, map(_variable_of, _by_reference(operation))))
        for source in [*(tensor.op for tensor in operation.inputs), *operation.control_inputs]:
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return written


def _by_reference(operation: Any) -> list[Any]:
    """The inputs that the operation could write to: handles of resources, and references."""
    return [each for each in operation.inputs if each.dtype == tf.resource or each.dtype._is_ref_dtype]


def _variable_of(tensor: Any) -> Any:
    """The variable that a handle or a reference is of; None if it is of something else."""
    operation = tensor.op
    while operation.type in _PASSING:
        operation = operation.inputs[0].op
    return operation if operation.type in _VARIABLES else None
