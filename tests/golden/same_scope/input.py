"""Blocks, layers and candidates of one name: each keeps a key of its own."""
import tensorflow.compat.v1 as tf


def build(x):
    """@nni.mutable_layers(
        {layer_choice: [conv(), conv(1), conv(2), conv(size=1), conv("size", 1), Conv()], fixed_inputs: [x],
         layer_output: x},
        {layer_choice: [conv(), conv(1)], fixed_inputs: [x], layer_output: x},
        {layer_choice: [conv()], fixed_inputs: [x], layer_output: x_1},
        {layer_choice: [conv()], fixed_inputs: [x], layer_output: x.y},
        {layer_choice: [conv()], fixed_inputs: [x], layer_output: x["y"]}
    )"""
    """@nni.mutable_layer(layer_choice=[conv(), conv(1)], fixed_inputs=[x], layer_output=x)"""
    return x


def build(x):
    # @nni.mutable_layer(layer_choice=[conv_1(), conv(), conv_1_2()], fixed_inputs=[x])
    x = conv_1([[x], []])
    return x


"""@nni.mutable_layer(layer_choice=[conv(), pool()], layer_output=x)"""
"""@nni.mutable_layer(layer_choice=[conv(), pool()], layer_output=_)"""


class build:
    """@nni.mutable_layer(layer_choice=[conv(), pool()], layer_output=x)"""
from layers import Conv, conv, conv_1, conv_1_2, pool
