from nascompile_runtime.graph import oneshot as _nascompile; from ops import *


def build(x):
    h = _nascompile.dropout_sum("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])

    return tf.nn.relu(h)


def scaled(x, tf):

    scale = _nascompile.variable("input/scaled/scale/choice", "choice", 1, 2)
    return tf.multiply(x, scale)
