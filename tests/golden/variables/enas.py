"""All ten functions, in strings and comments, for targets of all kinds."""; from nascompile_runtime.graph import enas as _nascompile

import math


class Trial:


    batch_size = _nascompile.variable("input/Trial/batch_size/choice", "choice", 16, 32, 64)

    def __init__(self, rate=0.1):

        self.rate = _nascompile.variable("input/Trial.__init__/self.rate/loguniform", "loguniform", 0.0001, 0.1)
        self.options = {}

        self.options["a/b"] = _nascompile.variable("input/Trial.__init__/self.options['a/b']/choice", "choice", 'relu', None, True, 1, -0.5, _nascompile.option("(3, 3)", (3, 3)), _nascompile.option("math.tau", math.tau), _nascompile.option("str.lower", str.lower))  # the default

        units: int = _nascompile.variable("input/Trial.__init__/units/randint", "randint", 1, 16)


        # The next statement may stand further below, and give several targets the value.
        self.keep = keep = _nascompile.variable("input/Trial.__init__/self.keep/uniform", "uniform", 0, 0.5)
        self.numbers = [units, keep]


def sizes():

    a = _nascompile.variable("input/sizes/a/quniform", "quniform", 0, 10, 2.5)




    b = _nascompile.variable("input/sizes/b/qloguniform", "qloguniform", 1, 100, 10)  # after it




    c = (
        _nascompile.variable("input/sizes/c/normal", "normal", 0, 1)  # inside of the brackets
    )

    d = _nascompile.variable("input/sizes/d/qnormal", "qnormal", -1, 1.5, 0.5)

    e = _nascompile.variable("input/sizes/e/lognormal", "lognormal", 0, 1)
    pass; f = _nascompile.variable("input/sizes/f/qlognormal", "qlognormal", 0, 1, 1)

    a = _nascompile.variable("input/sizes/a/choice", "choice", 1, 2


)
    return a, b, c, d, e, f


trial = Trial()
result = (Trial.batch_size, trial.rate, trial.options["a/b"], trial.numbers, sizes())
