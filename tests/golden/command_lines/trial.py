"""A trial of one layer."""


def conv(inputs, size):
    return size


def build(x, a, b):
    """@nni.mutable_layers({layer_choice: [conv(size=1), conv(size=3)], fixed_inputs: [x],
        optional_inputs: [a, b], optional_input_size: [0, 1], layer_output: h})"""
    return h
