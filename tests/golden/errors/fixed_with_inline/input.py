import tensorflow.compat.v1 as tf


def build(x):
    x = x + 1; """@nni.mutable_layer(layer_choice=[conv()], fixed_inputs=[x], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv()], fixed_inputs=[x], layer_output=g)"""; x = g
    return h
from layers import conv
