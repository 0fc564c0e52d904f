"""Several variables that take their values together."""; from nascompile_runtime.graph import enas as _nascompile


class Options:

    first, second = _nascompile.variable("input/Options/(first, second)/choice", "choice", _nascompile.option("(1, 2)", (1, 2)), _nascompile.option("[3, 4]", [3, 4]))


    name, *rest = _nascompile.variable("input/Options/(name, *rest)/choice", "choice", _nascompile.option("('a', range(3))", ('a', range(3))), _nascompile.option("('b', {}, 'c')", ('b', {}, 'c'))
)


Options.pair = [0]

(Options or None).one = _nascompile.variable("input/(Options or None).one/choice", "choice", 5, _nascompile.option("(6, 7)", (6, 7)))

[Options.x, Options.pair[0]] = whole = (
    _nascompile.variable("input/[Options.x, Options.pair[0]]/choice", "choice", 'xy', _nascompile.option("divmod(7, 3)", divmod(7, 3)))  # both
)

((a, b), c) = _nascompile.variable("input/((a, b), c)/choice", "choice", _nascompile.option("((1, 2), 3)", ((1, 2), 3)), _nascompile.option("((4, 5), 6)", ((4, 5), 6)))
result = (Options.first, Options.second, Options.name, Options.rest, Options.one, Options.x, Options.pair, whole, a, b, c)
