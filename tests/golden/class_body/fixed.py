"""A layer in a class body, whose candidates and inputs are names of the class."""


def scaled(inputs, by=1):
    return by * (sum(inputs[0]) + sum(inputs[1]))


class Net:
    def add(inputs, amount=0):
        return sum(inputs[0]) + sum(inputs[1]) + amount

    base = 10
    __secret = 5
    __hidden = add([[base], []], amount=base)


    total = scaled([[], [base, __secret]])


    @classmethod
    def doubled(cls):
        return 2 * cls.total


result = Net.doubled()
