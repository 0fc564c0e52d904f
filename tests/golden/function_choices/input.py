"""Calls that are chosen, wherever they stand in the statement below."""

import contextlib
import math


def note(name, value=0, **others):
    return name, value


x = 0.5
"""@nni.function_choice(math.sin(x), math.cos(x), note("eager", x), name=math.sin)"""
y = math.sin(x)
# @nni.function_choice(note("one", 1), max(note("argument", value=2), (1,)), (lambda: 3)(), name=note)
z = [note("a"), {"b": note("b", note("inner"))}]
# @nni.function_choice(
#     contextlib.nullcontext(1),
#     contextlib.nullcontext(enter_result=2), name=contextlib.nullcontext)
with contextlib.nullcontext(
    0
) as entered:
    # @nni.function_choice(sorted([3, 1], key=str), list([3, 1]), name=sorted)
    for number in sorted([1]):
        """@nni.variable(nni.choice(1, 2), name=factor)"""; factor = 3; y *= factor * number


def describe(name):
    """@nni.function_choice(str(y), repr(y), name=str)"""
    # @nni.function_choice(abs(y), round(y), name=abs)
    suffix = str(y)[0], abs(y); """@nni.function_choice(len(name), hash(name), name=len)"""
    if len(name) == len("c"):
        return f"{name}{suffix}", [len(one) for one in name]
    return name


result = y, z, entered, describe("n")
