"""Expressions of every kind as arguments and inputs: evaluated where they stand, in the user's scope."""
import functools


def call(inputs, function=None, *values, **named):
    return [sum(inputs[0]), sum(inputs[1]), function(2) if function else 0, *values, *named.values()]


class Net:
    sizes = [1, 2, 3]
    total = call([[*(x * 2 for x in sizes), (walrus := 7)], [walrus, -sizes[0], sizes[1] if sizes else 0]], lambda x: x ** 2, *sizes)







async def wait(x):
    return x


async def build(x):
    h = call(
        [[await wait(x), (await wait(x)) * 2], []], functools.partial(pow, 3), await wait(1), k=(await wait(2)) + 1)



    return h


def generate():
    h = call([[(yield 2)], []], None, (yield 1))
    yield h


result = Net.total, Net.walrus
