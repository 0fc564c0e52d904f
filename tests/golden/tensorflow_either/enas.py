"""TensorFlow 1 or 2, whichever there is: what both have is used."""; from nascompile_runtime.graph import enas as _nascompile
try:
    import tensorflow.compat.v1 as tf
    tf.disable_v2_behavior()
except ImportError:
    import tensorflow as tf


def build(x):
    h = _nascompile.conditional("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])
    return h
from layers import conv
