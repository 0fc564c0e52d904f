def helper():
    pass

import tensorflow as tf; tf.disable_v2_behavior()
if tf:
    """@nni.get_next_parameter()"""


def build(x):
    """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""
    return h
from layers import conv
