"""Expressions of every kind as arguments and inputs: evaluated where they stand, in the user's scope."""
import functools


def call(inputs, function=None, *values, **named):
    return [sum(inputs[0]), sum(inputs[1]), function(2) if function else 0, *values, *named.values()]


class Net:
    sizes = [1, 2, 3]
    """@nni.mutable_layer(
        layer_choice=[call(lambda x: x ** 2, *sizes), call(None, [size for size in sizes])],
        fixed_inputs=[*(x * 2 for x in sizes), (walrus := 7)],
        optional_inputs=[walrus, -sizes[0], sizes[1] if sizes else 0, sum(sizes[1:]), not sizes],
        optional_input_size=3,
        layer_output=total)"""


async def wait(x):
    return x


async def build(x):
    """@nni.mutable_layer(
        layer_choice=[call(functools.partial(pow, 3), await wait(1), k=(await wait(2)) + 1),
                      call(None, (y := x) + 1, y, sum(one async for one in x) if False else y)],
        fixed_inputs=[await wait(x), (await wait(x)) * 2],
        layer_output=h)"""
    return h


def generate():
    """@nni.mutable_layer(layer_choice=[call(None, (yield 1)), call()], fixed_inputs=[(yield 2)], layer_output=h)"""
    yield h


result = Net.total, Net.walrus
