"""An assignment with more on its line: what follows stays on that line."""


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


def build(x):
    h = add([[x], []], amount=1

        ); y = 2
    h = add([[h], []]


        ); y += h; return y


result = build(1)
