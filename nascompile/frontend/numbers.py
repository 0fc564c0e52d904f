"""Reads numbers that are written out, without evaluating anything else.

1e-4        -0.5        2 ** 10        1 / 3          numbers
low         len(x)                                    None: only a running program knows them
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

_LARGEST_POWER_BITS = 1024
_LARGEST_EXACT = 2**53  # beyond it, readers of JSON round

_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def read_number(node: ast.expr) -> int | float | None:
    """Return the number that an expression of numbers spells; None where it spells none that JSON can write."""
    try:
        number = _reckon(node)
    except (ArithmeticError, ValueError):
        return None
    if number is None or not math.isfinite(number) or (isinstance(number, int) and abs(number) > _LARGEST_EXACT):
        return None
    return number


def _reckon(node: ast.expr) -> int | float | None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _reckon(operand)
            return number if number is None or isinstance(sign, ast.UAdd) else -number
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            one, other = _reckon(left), _reckon(right)
            if one is None or other is None or (isinstance(sign, ast.Pow) and _is_huge(one, other)):
                return None
            number = _OPERATORS[type(sign)](one, other)
            return number if isinstance(number, int | float) else None  # a root of a negative number is complex
    return None


def _is_huge(base: float, exponent: float) -> bool:
    if not isinstance(base, int) or not isinstance(exponent, int):
        return False
    return base.bit_length() * abs(exponent) > _LARGEST_POWER_BITS
