"""Stars in candidates and in fixed inputs, and functions that are more than a name."""


def add(inputs, *amounts, scale=1, **more):
    return scale * (sum(inputs[0]) + sum(inputs[1]) + sum(amounts) + sum(more.values()))


def adder(amount):
    return lambda inputs: add(inputs, amount)


pair, options, table = (1, 2), {"scale": 3}, {"add": add}
result = add([[*pair, 3, *(pair or ())], []], *pair, 10, *pair, other=100, **options)




