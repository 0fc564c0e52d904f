"""Calls that are chosen, wherever they stand in the statement below."""; from nascompile_runtime.graph import classic as _nascompile

import contextlib
import math


def note(name, value=0, **others):
    return name, value


x = 0.5

y = _nascompile.function_choice("input/math.sin/function_choice", _nascompile.call("math.sin(x)", math.sin, x), _nascompile.call("math.cos(x)", math.cos, x), _nascompile.call("note('eager', x)", note, 'eager', x))

z = [_nascompile.function_choice("input/note/function_choice", _nascompile.call("note('one', 1)", note, 'one', 1), _nascompile.call("max(note('argument', value=2), (1,))", max, note('argument', value=2), (1,)), _nascompile.call("(lambda: 3)()", (lambda: 3))), {"b": _nascompile.function_choice("input/note/function_choice", _nascompile.call("note('one', 1)", note, 'one', 1), _nascompile.call("max(note('argument', value=2), (1,))", max, note('argument', value=2), (1,)), _nascompile.call("(lambda: 3)()", (lambda: 3)))}]



with _nascompile.function_choice("input/contextlib.nullcontext/function_choice", _nascompile.call("contextlib.nullcontext(1)", contextlib.nullcontext, 1), _nascompile.call("contextlib.nullcontext(enter_result=2)", contextlib.nullcontext, enter_result=2)

) as entered:

    for number in _nascompile.function_choice("input/sorted/function_choice", _nascompile.call("sorted([3, 1], key=str)", sorted, [3, 1], key=str), _nascompile.call("list([3, 1])", list, [3, 1])):
        pass; factor = _nascompile.variable("input/factor/choice", "choice", 1, 2); y *= factor * number


def describe(name):


    suffix = _nascompile.function_choice("input/describe/str/function_choice", _nascompile.call("str(y)", str, y), _nascompile.call("repr(y)", repr, y))[0], _nascompile.function_choice("input/describe/abs/function_choice", _nascompile.call("abs(y)", abs, y), _nascompile.call("round(y)", round, y)); pass
    if _nascompile.function_choice("input/describe/len/function_choice", _nascompile.call("len(name)", len, name), _nascompile.call("hash(name)", hash, name)) == _nascompile.function_choice("input/describe/len/function_choice", _nascompile.call("len(name)", len, name), _nascompile.call("hash(name)", hash, name)):
        return f"{name}{suffix}", [len(one) for one in name]
    return name


result = y, z, entered, describe("n")
