import tensorflow as tf


def build(x, deep):
    if deep:
        """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""
    elif x is None:
        # what an elif says
        """@nni.mutable_layer(layer_choice=[zero()], layer_output=h)"""  # one candidate
    elif x:
        h = x
        """@nni.report_intermediate_result(x)"""
    else:
        """@nni.mutable_layer(
            layer_choice=[pool()],
            fixed_inputs=[x],
            layer_output=h
        )"""
    return h
from layers import conv, pool, zero
