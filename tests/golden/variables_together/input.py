"""Several variables that take their values together."""


class Options:
    """@nni.variable(nni.choice((1, 2), [3, 4]), name=(first, second))"""
    first, second = 1, 2

    # @nni.variable(nni.choice(("a", range(3)), ("b", {}, "c")), name=(name, * rest))
    name, *rest = "a", \
        1


Options.pair = [0]
'''@nni.variable(nni.choice(5, (6, 7)), name=(Options or None).one)'''
(Options or None).one = 1
# @nni.variable(nni.choice("xy", divmod(7, 3)), name=[Options.x, Options.pair[0]])
[Options.x, Options.pair[0]] = whole = (
    "uv"  # both
)
# @nni.variable(nni.choice(((1, 2), 3), ((4, 5), 6)), name=((a, b), c))
((a, b), c) = (1, 2), 3
result = (Options.first, Options.second, Options.name, Options.rest, Options.one, Options.x, Options.pair, whole, a, b, c)
