"""A comment that names its output describes the assignment below only if that is its target, and the sole one."""
import tensorflow as tf


def build(x):
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)
    h = conv([[x], []], size=1)
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[h], layer_output=g)
    h = g + 1
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[h], layer_output=a)
    a = b = a + h
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[h], layer_output=a)
    a, b = h, a
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[h], layer_output=a)
    a += h
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[h], layer_output=a)

    a = a + h
    # @nni.report_intermediate_result(a)
    a = h
    return a, b
from layers import conv
