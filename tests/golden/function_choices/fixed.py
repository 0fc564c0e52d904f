"""Calls that are chosen, wherever they stand in the statement below."""

import contextlib
import math


def note(name, value=0, **others):
    return name, value


x = 0.5

y = math.sin(x)

z = [note('one', 1), {"b": note('one', 1)}]



with contextlib.nullcontext(1

) as entered:

    for number in sorted([3, 1], key=str):
        pass; factor = 1; y *= factor * number


def describe(name):


    suffix = str(y)[0], abs(y); pass
    if len(name) == len(name):
        return f"{name}{suffix}", [len(one) for one in name]
    return name


result = y, z, entered, describe("n")
