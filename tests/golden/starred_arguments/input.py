"""Stars in candidates and in fixed inputs, and functions that are more than a name."""


def add(inputs, *amounts, scale=1, **more):
    return scale * (sum(inputs[0]) + sum(inputs[1]) + sum(amounts) + sum(more.values()))


def adder(amount):
    return lambda inputs: add(inputs, amount)


pair, options, table = (1, 2), {"scale": 3}, {"add": add}
"""@nni.mutable_layer(
    layer_choice=[add(*pair, 10, *pair, other=100, **options), add(*[], **{}),
                  adder(5)(), table["add"](1), (add or adder)(2), (lambda inputs: 3)(), str.__len__.__call__("four")],
    fixed_inputs=[*pair, 3, *(pair or ())],
    layer_output=result)"""
