"""What a candidate makes stays in it, but for what it returns or adds to a collection.

    kept = []
    y = conditional(..., layer_choice=[candidate("f()", "h/f", lambda inputs: keep(inputs, kept)), ...])
    loss += tf.add_n(kept)      # LayerError: kept[0] exists only in steps that chose f()

Where another candidate is chosen, such a tensor is dead, and dead is all that depends on it: a whole training step
would do nothing and say nothing. So each operation is looked at when it is made.
"""

from __future__ import annotations

from typing import Any

from nascompile_runtime.graph.conditional.switching import Graph, GraphState, Operation, state_of
from nascompile_runtime.graph.helpers import is_helper
from nascompile_runtime.layer import LayerError

_ATTRIBUTE = "_nascompile_guarded"


def guard(graph: Graph) -> None:
    """From now on, refuse operations outside of a candidate that need something inside of it."""
    if hasattr(graph, _ATTRIBUTE):
        return
    setattr(graph, _ATTRIBUTE, True)
    state = state_of(graph)
    finish_plainly = graph._create_op_helper

    def finish(operation: Operation, *args: Any, **kwargs: Any) -> None:
        finish_plainly(operation, *args, **kwargs)
        _check(operation, state)

    # Every new operation of a graph passes here, whichever way it is made.
    graph._create_op_helper = finish


def _check(operation: Operation, state: GraphState) -> None:
    for tensor in operation.inputs:
        source = tensor.op
        if source in state.gated and not _may_use(operation, source, tensor, state):
            raise _error(operation, f"the tensor {tensor.name!r}")
    for source in operation.control_inputs:
        if source in state.gated and not _may_use(operation, source, None, state):
            raise _error(operation, f"the operation {source.name!r}")


def _may_use(operation: Operation, source: Operation, tensor: Any, state: GraphState) -> bool:
    if operation.type == "Merge" and is_helper(operation):
        return True
    if not state.building:
        return False
    branch = state.building[-1]
    owned = branch.runs(source) if tensor is None else branch.owns(tensor)
    return owned and source not in branch.inner


def _error(operation: Operation, what: str) -> LayerError:
    return LayerError(
        f"{operation.name!r} uses {what}, which a candidate of a mutable layer has made and which exists only when "
        "that one is chosen; outside of it, use what the layer returns or what the candidate adds to a collection"
    )
