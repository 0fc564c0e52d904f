"""What a candidate makes of an optional input that is not there: nothing, or a LayerError while it is built.

    for x in inputs[1]:
        out += conv(x)              # of zeros a convolution makes zeros, which add nothing: as if they were not there
        out += conv(x) + bias       # LayerError: this makes something of nothing

The places of a list (`chosen`) that no input stands at hold zeros, where the list of the sub-graph is shorter. That
means the same only if zeros stay zeros until they are added to something. So the operations that they reach are gone
through, in the order in which they were made, in which inputs come first. What only zeros go into is not there in the
sub-graph, nor is its gradient (`reach`): by hand, the weights of a convolution of what is absent do not move.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from nascompile_runtime.graph.conditional.chosen import Chosen, ChosenError
from nascompile_runtime.graph.conditional.switching import Operation, Tensor, state_of

# Of zeros these make zeros, and of what is zero in part the same.
_KEEPING = frozenset(
    """
    Abs Asinh Atan Atanh AvgPool AvgPool3D BatchToSpaceND BroadcastTo Cast Ceil CheckNumerics Conj DepthToSpace Elu Erf
    ExpandDims Expm1 Floor GatherNd GatherV2 Identity IdentityN Imag LeakyRelu Log1p MaxPool MaxPool3D MaxPoolV2
    MirrorPad Mul MulNoNan Neg Pad Real Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor ReverseV2 Round Selu
    Sign Sin Sinh Slice Softsign SpaceToBatchND SpaceToDepth Split SplitV Square Squeeze StopGradient StridedSlice Tan
    Tanh Tile Transpose Unpack
    """.split()  # noqa: SIM905
)
# These sum over parts, among which zeros do not count.
_CONTRACTING = frozenset(
    """
    Any BatchMatMul BatchMatMulV2 BatchMatMulV3 Conv2D Conv2DBackpropInput Conv3D DepthwiseConv2dNative Einsum MatMul
    Sum
    """.split()  # noqa: SIM905
)
# Of parts these make what depends on how many there are.
_AVERAGING = frozenset(["Max", "Mean", "Min"])
_ADDING = frozenset(["Add", "AddN", "AddV2", "BiasAdd", "BitwiseOr", "LogicalOr", "Sub"])
_DIVIDING = frozenset(["Div", "DivNoNan", "RealDiv"])
_JOINING = frozenset(["ConcatV2", "Pack"])
_LOOKING = frozenset(
    """
    Assert HistogramSummary ImageSummary OnesLike PrintV2 Rank ScalarSummary Shape ShapeN Size TensorSummaryV2 ZerosLike
    """.split()  # noqa: SIM905
)

_Key: TypeAlias = tuple[Operation, int]


@dataclass(frozen=True, slots=True)
class _Absent:
    """A tensor that is zero with up to `all_until` inputs that are chosen, and zero in part with up to `some_until`.

    With up to `missing_until` the sub-graph does not have it: it is zero and nothing but inputs went into it.
    """

    all_until: int
    some_until: int
    missing_until: int

    @classmethod
    def of(cls, absents: Sequence[_Absent]) -> _Absent:
        """The product of several."""
        return cls(
            max(absent.all_until for absent in absents),
            max(absent.some_until for absent in absents),
            max(absent.missing_until for absent in absents),
        )

    @property
    def has_holes(self) -> bool:
        """Whether it is sometimes zero in part only."""
        return self.some_until > self.all_until


def check_absence(optional: Chosen, output: Any, operations: Sequence[Operation], where: str) -> None:
    """Check what the candidate, whose operations these are, made of the places of its list, and note what that needs.

    Raises:
        LayerError: it makes something of an optional input that is not there.
    """
    absents = {_key(place): _Absent(number, number, number) for number, place in optional.uncertain_places()}
    if any(operation.outputs[index].consumers() for operation, index in absents):
        walk = _Walk(absents, where, optional.was_tested)
        for operation, number in walk.go(operations):
            state_of(operation.graph).presuppositions[operation] = optional.has_more_than(number)
    if optional.was_tested:
        for tensor in tf.nest.flatten(output, expand_composites=True):
            if isinstance(tensor, tf.Tensor) and _key(tensor) in absents:
                raise ChosenError(
                    f"{where} asks whether an optional input of a range is there, and returns zeros where none is; "
                    "which are there changes from step to step in enas; add what comes of them to something, which "
                    "then is as if they were not there, or give the layer a whole number as optional_input_size"
                )
    for place in optional.other_ways:
        warnings.warn(
            f"{where} asks in {place} whether an optional input of a range is there; which are there changes from "
            "step to step in enas, so the graph holds the way of inputs that are there, with zeros for those that are "
            "not, and never the other one; if that computes something else than the same with zeros, the sub-graph "
            "differs: add what comes of the inputs to something in place of asking, `for x in inputs[1]: out += f(x)`, "
            "or give the layer a whole number as optional_input_size",
            stacklevel=2,
        )


class _Walk:
    def __init__(self, absents: dict[_Key, _Absent], where: str, was_tested: bool) -> None:
        self._absents = absents
        self._where = where
        self._was_tested = was_tested
        self._made: set[Operation] = set()
        self._data: set[Operation] = set()
        """Operations that depend on more than weights and constants."""

    def go(self, operations: Sequence[Operation]) -> Iterator[tuple[Operation, int]]:
        """Find what is absent among the outputs of the operations; those missing with up to a number of inputs."""
        self._made.update(operations)
        for operation in operations:
            found = [self._absents[_key(tensor)] for tensor in operation.inputs if _key(tensor) in self._absents]
            absent = self._result(operation, found) if found else None
            if absent is not None:
                self._absents.update({_key(output): absent for output in operation.outputs})
                if absent.missing_until >= 0:
                    yield operation, absent.missing_until
            if absent is None or absent.all_until < 0:
                self._data.update([operation] if any(map(self._is_data, operation.inputs)) else [])

    def _result(self, operation: Operation, found: list[_Absent]) -> _Absent | None:
        absent = _Absent.of(found)
        match operation.type:
            case kind if kind in _LOOKING:
                return None
            case kind if kind in _KEEPING:
                return absent
            case kind if kind in _CONTRACTING:
                whole = absent.all_until
                return _Absent(whole, whole, absent.missing_until) if whole >= 0 else None
            case kind if kind in _AVERAGING and not absent.has_holes:
                return absent
            case kind if kind in _DIVIDING and _key(operation.inputs[1]) not in self._absents:
                return absent
            case kind if kind in _JOINING:
                parts = [tensor for tensor in operation.inputs if tensor.dtype == operation.outputs[0].dtype]
                if len(found) < len(parts):
                    return _Absent(-1, absent.some_until, -1)
                return _Absent(min(each.all_until for each in found), absent.some_until, _missing_of(found))
            case kind if kind in _ADDING:
                return self._sum(operation, found)
        raise self._error(operation)

    def _sum(self, operation: Operation, found: list[_Absent]) -> _Absent | None:
        others = [tensor for tensor in operation.inputs if _key(tensor) not in self._absents]
        if any(map(self._is_data, others)):
            return None
        if not all(map(_is_zero, others)):
            raise self._error(operation)
        every = min(each.all_until for each in found)
        # A constant stands in the sub-graph too, but for one that was made where an input was said to be there.
        missing = -1 if others and not self._was_tested else _missing_of(found)
        return _Absent(every, max([every, *(each.some_until for each in found if each.has_holes)]), missing)

    def _is_data(self, tensor: Tensor) -> bool:
        if tensor.op in self._made:
            return tensor.op in self._data
        return tensor.op.type not in ("Const", "VarHandleOp", "ReadVariableOp")

    def _error(self, operation: Operation) -> ChosenError:
        return ChosenError(
            f"{self._where} makes something of an optional input that is not there, in {operation.name!r} "
            f"({operation.type}): how many of a range are chosen changes from step to step in enas, and at the places "
            "that are left stand zeros, which may be added to something or convolved and the like before, and no more; "
            "`tf.reduce_sum(inputs[1], axis=0)` is the sum of those that are chosen, and may go anywhere"
        )


def _missing_of(parts: Sequence[_Absent]) -> int:
    """With up to how many inputs the sub-graph lacks what is made of any of the parts."""
    return min(part.missing_until for part in parts)


def _key(tensor: Tensor) -> _Key:
    return tensor.op, tensor.value_index


def _is_zero(tensor: Tensor) -> bool:
    value = tf.get_static_value(tensor)
    return value is not None and not np.any(value)
