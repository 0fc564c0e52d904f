"""Gradients of one source from several candidates: dead from all but the chosen one, and alive when merged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import tensorflow as tf

from nascompile_runtime.graph.conditional.branch import Branch
from nascompile_runtime.graph.conditional.fork import Fork
from nascompile_runtime.graph.conditional.switching import Tensor, helper_scope, merge, state_of

Gradient: TypeAlias = Any
"""A tensor or `IndexedSlices`."""

_NO_SECOND = "NascompileNoSecondDerivative"


def dense(gradient: Gradient) -> Tensor:
    """The gradient as a tensor of its source's shape."""
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    # By hand: TensorFlow's conversion warns of the memory that an unknown shape may take.
    summed = tf.math.unsorted_segment_sum(gradient.values, gradient.indices, gradient.dense_shape[0])
    return tf.reshape(summed, gradient.dense_shape)


def own_gradient(branch: Branch, gradient: Gradient) -> Gradient:
    """The gradient, as operations of the branch."""
    if isinstance(gradient, tf.IndexedSlices):
        # A reshape of indices from outside is only held back by a control edge, which TensorFlow drops with it when it
        # optimises aggressively. What takes the values too is dead when they are.
        with branch.building():
            values, indices = tf.identity_n([gradient.values, gradient.indices])
        return tf.IndexedSlices(values, indices, gradient.dense_shape)
    return branch.own(gradient)


def sum_of(gradients: Sequence[Gradient]) -> Gradient:
    """The sum, as TensorFlow makes it: sparse if all are."""
    if len(gradients) == 1:
        return gradients[0]
    if not all(isinstance(gradient, tf.IndexedSlices) for gradient in gradients):
        return tf.add_n(list(map(dense, gradients)))
    values = tf.concat([gradient.values for gradient in gradients], axis=0)
    indices = [gradient.indices for gradient in gradients]
    if len({each.dtype for each in indices}) > 1:
        indices = [tf.cast(each, tf.int64) for each in indices]
    return tf.IndexedSlices(values, tf.concat(indices, axis=0), gradients[0].dense_shape)


def zeros_of(tensor: Tensor) -> Tensor:
    """Zeros that are dead when the tensor is. (`tf.zeros_like` is a constant where the shape is known.)"""
    return tf.raw_ops.ZerosLike(x=tensor)


def merge_gradients(fork: Fork, source: Tensor, found: Mapping[int, Gradient]) -> Gradient | None:
    """The gradient of the chosen candidate, or zeros where it has none; alive in any case.

    `found` holds the gradients by the candidate's position. Sparse if all are. Where some are, these are merged
    by themselves too, for updates in steps that have no others (`mixtures`).
    """
    if not found:
        return None
    state = state_of(source.graph)
    sparse = _of_one_type(fork, {place: each for place, each in found.items() if isinstance(each, tf.IndexedSlices)})
    slices = _merge_sparse(fork, source, sparse) if sparse else None
    if slices is not None:
        state.parts[slices.values.op] = [(fork.branches[position], each) for position, each in sparse.items()]
        state.alternatives[slices.values.op] = fork.alternatives(sparse)
        if len(sparse) == len(found):
            return slices
    parts = []
    for position, gradient in found.items():
        branch = fork.branches[position]
        with branch.building():
            parts.append((branch, dense(gradient)))
    merged = _merge_dense(fork, source, [gradient for _, gradient in parts], found)
    state.parts[merged.op] = parts
    state.alternatives[merged.op] = fork.alternatives(found)
    if slices is not None:
        others = {position: each for position, each in found.items() if position not in sparse}
        state.mixtures[merged.op] = fork.alternatives(others), slices
    return merged


def values_of(gradient: Gradient) -> Tensor:
    """The tensor of the gradient's numbers."""
    return gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient


def merge_once(parts: Sequence[Tensor]) -> Tensor:
    """The gradient that is alive, as a merge that says so when somebody wants to differentiate it again."""
    graph = tf.compat.v1.get_default_graph()
    with graph.gradient_override_map({"Merge": _NO_SECOND}):
        return merge(parts)


def _merge_dense(fork: Fork, source: Tensor, parts: list[Tensor], positions: Collection[int]) -> Tensor:
    with helper_scope():
        merged = merge_once([*parts, _zeros(fork, source, positions)])
        merged.set_shape(_shape_of(source))
        return merged


def _merge_sparse(fork: Fork, source: Tensor, found: Mapping[int, Gradient]) -> tf.IndexedSlices:
    values = [each.values for each in found.values()]
    indices = [each.indices for each in found.values()]
    with helper_scope():
        shape = _dynamic_shape_of(fork, source)
        none = tf.concat([[0], shape[1:]], axis=0)
        values.append(tf.fill(none, fork.blank(values[0].dtype, found)))
        indices.append(tf.fill([0], fork.blank(indices[0].dtype, found)))
        return tf.IndexedSlices(merge_once(values), merge_once(indices), shape)


def _of_one_type(fork: Fork, found: Mapping[int, tf.IndexedSlices]) -> Mapping[int, tf.IndexedSlices]:
    """The gradients with indices of one type, as they are merged."""
    if len({each.indices.dtype for each in found.values()}) <= 1:
        return found
    cast = {}
    for position, each in found.items():
        with fork.branches[position].building():
            cast[position] = tf.IndexedSlices(each.values, tf.cast(each.indices, tf.int64), each.dense_shape)
    return cast


def _zeros(fork: Fork, source: Tensor, positions: Collection[int]) -> Tensor:
    """Zeros in the source's shape, dead when the candidate at one of the positions is chosen."""
    if source.dtype != tf.resource:
        return zeros_of(fork.otherwise(source, positions))
    return tf.fill(_dynamic_shape_of(fork, source), fork.blank(_dtype_of(source), positions))


def _dtype_of(source: Tensor) -> tf.DType:
    return tf.as_dtype(source.op.get_attr("dtype")) if source.dtype == tf.resource else source.dtype.base_dtype


def _shape_of(source: Tensor) -> tf.TensorShape:
    return tf.TensorShape(source.op.get_attr("shape")) if source.dtype == tf.resource else source.shape


def _dynamic_shape_of(fork: Fork, source: Tensor) -> Tensor:
    """A constant where the shape is known."""
    shape = _shape_of(source)
    if shape.is_fully_defined():
        return fork.constant(shape.as_list(), tf.int32)
    return tf.raw_ops.VariableShape(input=source) if source.dtype == tf.resource else tf.shape(source)


def _no_second_derivative(operation: Any, *gradients: Any) -> list[Any]:
    raise NotImplementedError(
        f"{operation.name}: the gradient of a layer's conditional cannot be differentiated once more; "
        "a penalty on gradients has to be taken outside of the mutable layers"
    )


tf.RegisterGradient(_NO_SECOND)(_no_second_derivative)
