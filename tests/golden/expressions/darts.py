"""Expressions of every kind as arguments and inputs: evaluated where they stand, in the user's scope."""; from nascompile_runtime.graph import darts as _nascompile
import functools


def call(inputs, function=None, *values, **named):
    return [sum(inputs[0]), sum(inputs[1]), function(2) if function else 0, *values, *named.values()]


class Net:
    sizes = [1, 2, 3]
    total = _nascompile.weighted_sum("input/Net", "total",
        layer_choice=[_nascompile.candidate("call(lambda x: x ** 2, *sizes)", "total/call_lambda_x_x_2_sizes", call, lambda x: x ** 2, *sizes), _nascompile.candidate("call(None, [size for size in sizes])", "total/call_None_size_for_size_in_sizes", call, None, [size for size in sizes])],
        fixed_inputs=[*(x * 2 for x in sizes), (walrus := 7)],
        optional_inputs={"walrus": walrus, "-sizes[0]": -sizes[0], "sizes[1] if sizes else 0": sizes[1] if sizes else 0, "sum(sizes[1:])": sum(sizes[1:]), "not sizes": not sizes},
        optional_input_size=3)



async def wait(x):
    return x


async def build(x):
    h = _nascompile.weighted_sum("input/build", "h",
        layer_choice=[_nascompile.candidate("call(functools.partial(pow, 3), await wait(1), k=await wait(2) + 1)", "h/call_functools_partial_pow_3_await_wait_1_k_await_wait_2_1", call, functools.partial(pow, 3), await wait(1), k=await wait(2) + 1),
        _nascompile.candidate("call(None, (y := x) + 1, y, sum((one async for one in x)) if False else y)", "h/call_None_y_x_1_y_sum_one_async_for_one_in_x_if_False_else_y", call, None, (y := x) + 1, y, sum((one async for one in x)) if False else y)],
        fixed_inputs=[await wait(x), await wait(x) * 2])

    return h


def generate():
    h = _nascompile.weighted_sum("input/generate", "h", layer_choice=[_nascompile.candidate("call(None, (yield 1))", "h/call_None_yield_1", call, None, (yield 1)), _nascompile.candidate("call()", "h/call", call)], fixed_inputs=[(yield 2)])
    yield h


result = Net.total, Net.walrus
