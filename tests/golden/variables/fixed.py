"""All ten functions, in strings and comments, for targets of all kinds."""

import math


class Trial:


    batch_size = 16

    def __init__(self, rate=0.1):

        self.rate = 0.0001
        self.options = {}

        self.options["a/b"] = 'relu'  # the default

        units: int = 1


        # The next statement may stand further below, and give several targets the value.
        self.keep = keep = 0.0
        self.numbers = [units, keep]


def sizes():

    a = 0.0




    b = 1.0  # after it




    c = (
        0.0  # inside of the brackets
    )

    d = 0.0

    e = 1.0
    pass; f = 1.0

    a = (1


)
    return a, b, c, d, e, f


trial = Trial()
result = (Trial.batch_size, trial.rate, trial.options["a/b"], trial.numbers, sizes())
