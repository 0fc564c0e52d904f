"""Several variables that take their values together."""


class Options:

    first, second = (1, 2)


    name, *rest = (('a', range(3))
)


Options.pair = [0]

(Options or None).one = 5

[Options.x, Options.pair[0]] = whole = (
    'xy'  # both
)

((a, b), c) = ((1, 2), 3)
result = (Options.first, Options.second, Options.name, Options.rest, Options.one, Options.x, Options.pair, whole, a, b, c)
