"""Switch, Merge and dead tensors: what conditionals are made of.

    ways = switch_n(x, index, 3)                        # ways[index] is x, the other two are dead
    y = merge([f(ways[0]), g(ways[1]), h(ways[2])])     # the one that is alive

An operation with a dead input does not run, and its outputs are dead. Mind that fetching a dead operation is no error:
`session.run` returns None, and nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import tensorflow as tf

from nascompile_runtime.graph.helpers import as_helpers

Graph: TypeAlias = Any
Operation: TypeAlias = Any
Tensor: TypeAlias = Any

_ATTRIBUTE = "_nascompile_enas"
_SCOPE = "nascompile/"


@dataclass(slots=True)
class GraphState:
    """What the supernet's machinery knows of one graph. It hangs on the graph, so that both go together."""

    codes: dict[Any, Any] = field(default_factory=dict)
    """How the signal tells each layer its choice, by the layer's key."""
    gated: set[Operation] = field(default_factory=set)
    """The operations of every finished branch."""
    adopted: set[Operation] = field(default_factory=set)
    """The operations of single candidates that can be skipped. They are gated, but may be used by others."""
    singles: dict[Operation, Any] = field(default_factory=dict)
    """The layers of a single candidate, by the operations that give their outputs."""
    ungated: set[Operation] = field(default_factory=set)
    """Operations made while a candidate was built that belong to none: variables, initial values, constants."""
    outputs: dict[Any, list[Tensor]] = field(default_factory=dict)
    """What layers return that need not run if nobody uses it, by the layer's key."""
    options: dict[Operation, tuple[Any, int]] = field(default_factory=dict)
    """The switches of optional inputs: of which layer, and at which position."""
    option_gradients: set[Operation] = field(default_factory=set)
    """What gives the gradients of optional inputs."""
    differentiated: set[tuple[Operation, int]] = field(default_factory=set)
    """The outputs of layers that gradients come to in another way than by optional inputs, by operation and number."""
    needs: Any = None
    """Which layers others need, looked up when an architecture is loaded."""
    gradients: dict[Operation, Callable[..., list[Any]]] = field(default_factory=dict)
    """The gradients of operations whose own we override."""
    building: list[Any] = field(default_factory=list)
    """The branches that are being built, the innermost last."""
    variables: set[Operation] = field(default_factory=set)
    """The variables that candidates have made."""
    users: dict[Operation, list[Any]] = field(default_factory=dict)
    """The branches that use a variable."""
    parts: dict[Operation, list[tuple[Any, Any]]] = field(default_factory=dict)
    """What a gradient that leaves a conditional was merged from: branches, and the gradient that each has."""
    runs: Any = None
    """What was loaded in which session."""
    lost_steps: Any = None
    """What counts the training steps that did nothing."""
    alternatives: dict[Operation, Any] = field(default_factory=dict)
    """What gradients were merged from, by the operation that merges: `presence.Alternatives`."""
    presuppositions: dict[Operation, Any] = field(default_factory=dict)
    """Of operations on a place in a list of optional inputs: the `presence.Route` without which there are none."""
    mixtures: dict[Operation, Any] = field(default_factory=dict)
    """Of gradients that are sparse in some candidates: where they are not, and the sparse ones merged."""
    reach: Any = None
    """In which architectures the gradients of the graph exist: `reach.Reach`."""
    is_differentiating: bool = False
    """Whether `tf.gradients` is at work."""
    gates: dict[Any, Any] = field(default_factory=dict)
    """What gates the updates of variables, by what tells where a gradient exists."""


def state_of(graph: Graph) -> GraphState:
    """The state of a graph, made on first use."""
    state = find_state(graph)
    if state is None:
        state = GraphState()
        setattr(graph, _ATTRIBUTE, state)
    return state


def find_state(graph: Graph) -> GraphState | None:
    """The state of a graph, or None where there is no mutable layer."""
    return getattr(graph, _ATTRIBUTE, None)


def is_inside(graph: Graph) -> bool:
    """Whether a loop, a conditional or a function in the graph is being built."""
    current = tf.compat.v1.get_default_graph()
    return current is not graph or current._get_control_flow_context() is not None


def switch_n(data: Tensor, index: Tensor, ways: int) -> list[Tensor]:
    """`ways` tensors, of which the one at `index` is `data` and the others are dead.

    It is the operation that TensorFlow lowers `tf.switch_case` to, and has no Python function.
    """
    dtype = data.dtype.base_dtype
    attributes = {
        "T": tf.compat.v1.AttrValue(type=dtype.as_datatype_enum),
        "num_outs": tf.compat.v1.AttrValue(i=ways),
    }
    return list(
        data.graph.create_op("_SwitchN", [data, index], [dtype] * ways, name="switch", attrs=attributes).outputs
    )


def merge(tensors: Sequence[Tensor]) -> Tensor:
    """The tensor that is alive; dead if all are. Its static shape is what all have in common."""
    merged = tf.raw_ops.Merge(inputs=list(tensors)).output
    shape = tensors[0].shape
    for tensor in tensors[1:]:
        shape = shape.most_specific_compatible_shape(tensor.shape)
    merged.set_shape(shape)
    return merged


def anchor(way: Tensor) -> Tensor:
    """An output of a switch, as that of an operation which is dead when it is.

    TensorFlow optimises a graph by operations: where it makes a constant of `x + x` or `x ** 0`, it lets that wait for
    the operation that `x` comes from, whichever output `x` is. A switch always runs, and its first output may be alive
    when the others are dead. So nothing that can be optimised may take an output of a switch itself.

    A merge of one tensor is the operation for it, since an identity would be optimised away, and what used it moved to
    the switch. No data is copied.
    """
    anchored = tf.raw_ops.Merge(inputs=[way], name="switched").output
    anchored.set_shape(way.shape)
    return anchored


def describe(tensor: Tensor) -> str:
    """The tensor's dtype and static shape in a message."""
    shape = "of unknown shape" if tensor.shape.rank is None else str(tensor.shape.as_list()).replace("None", "?")
    return f"{tensor.dtype.base_dtype.name} {shape}"


def is_trainable(tensor: Tensor) -> bool:
    """Whether gradients pass the tensor: a floating or complex one."""
    return is_trainable_type(tensor.dtype.base_dtype)


def is_trainable_type(dtype: tf.DType) -> bool:
    """Whether gradients pass tensors of this type."""
    return bool(dtype.is_floating or dtype.is_complex)


def may_pass_gradients(tensor: Tensor) -> bool:
    """Whether gradients may pass, in this tensor or in what it refers to."""
    return is_trainable(tensor) or tensor.dtype.base_dtype in (tf.resource, tf.variant)


def helper_scope() -> AbstractContextManager[Any]:
    """For our own operations: a name scope under the user's current one, that renumbers no name of the user."""
    current = tf.compat.v1.get_default_graph().get_name_scope()
    return as_helpers(f"{current}/{_SCOPE}" if current else _SCOPE)
