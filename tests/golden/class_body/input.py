"""A layer in a class body, whose candidates and inputs are names of the class."""


def scaled(inputs, by=1):
    return by * (sum(inputs[0]) + sum(inputs[1]))


class Net:
    def add(inputs, amount=0):
        return sum(inputs[0]) + sum(inputs[1]) + amount

    base = 10
    __secret = 5
    """@nni.mutable_layers(
        {layer_choice: [add(amount=base), scaled(by=__secret)],
         fixed_inputs: [base], layer_output: __hidden},
        {layer_choice: [scaled(), add()],
         optional_inputs: [base, __secret, __hidden], optional_input_size: 2, layer_output: total})"""

    @classmethod
    def doubled(cls):
        return 2 * cls.total


result = Net.doubled()
