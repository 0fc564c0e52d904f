import tensorflow.compat.v1 as tf


def build(x, a, b):
    """@nni.mutable_layers(
    {
        layer_choice: [conv(size=1), conv(size=3)],
        fixed_inputs: [x],
        layer_output: h
    },
    {
        layer_choice: [pool(), skip()],
        optional_inputs: [a, b],
        optional_input_size: [0, 1],
        layer_output: g
    })"""
    return g
from layers import conv, pool, skip
