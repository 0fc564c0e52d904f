import tensorflow.compat.v1 as tf


def build(x): """@nni.mutable_layer(layer_choice=[conv()], fixed_inputs=[x], layer_output=h)"""; return h


if tf: """@nni.mutable_layer(layer_choice=[conv()], fixed_inputs=[x], layer_output=g)"""
from layers import conv, x
