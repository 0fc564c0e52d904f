"""All ten functions, in strings and comments, for targets of all kinds."""

import math


class Trial:
    """@nni.variable(nni.choice(16, 32, 64), name=batch_size)"""

    batch_size = 32

    def __init__(self, rate=0.1):
        """@nni.variable(nni.loguniform(1e-4, 0.1), name=self.rate)"""
        self.rate = rate
        self.options = {}
        # @nni.variable(nni.choice("relu", None, True, 1, -0.5, (3, 3), math.tau, str.lower), name=self.options["a/b"])
        self.options["a/b"] = None  # the default
        # @nni.variable(nni.randint(lower=1, upper=2 ** 4), name=units)
        units: int = 8
        # @nni.variable(nni.uniform(0, 1 / 2), name=self.keep)

        # The next statement may stand further below, and give several targets the value.
        self.keep = keep = 0.5
        self.numbers = [units, keep]


def sizes():
    # @nni.variable(nni.quniform(0, 10, 2.5), name=a)
    a = 5
    # @nni.variable(nni.qloguniform(
    #     low=1,
    #     high=100,
    #     q=10), name=b)
    b = 10  # after it
    """@nni.variable(
        nni.normal(0, 1),
        name=c
    )"""
    c = (
        0  # inside of the brackets
    )
    # @nni.variable(nni.qnormal(-1, 1.5, .5), name=d)
    d = 0
    # @nni.variable(nni.lognormal(0, 1), name=e)
    e = 1
    '@nni.variable(nni.qlognormal(0, 1, 1), name=f)'; f = 1
    # @nni.variable(nni.choice(1, 2), name=a)
    a = [
        5,
        6,
    ]
    return a, b, c, d, e, f


trial = Trial()
result = (Trial.batch_size, trial.rate, trial.options["a/b"], trial.numbers, sizes())
