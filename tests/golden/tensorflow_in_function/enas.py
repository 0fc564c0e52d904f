"""TensorFlow is imported where it is needed only; closures see it, other functions could not."""; from nascompile_runtime.graph import enas as _nascompile


def build(x):
    import tensorflow.compat.v1 as tf

    def layer(y):
        h = _nascompile.conditional("input/build.layer", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[y])
        return h

    return tf.identity(layer(x))


class Net:
    import tensorflow as flow

    h = _nascompile.conditional("input/Net", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1.2", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3.2", conv, size=3)], fixed_inputs=[flow.zeros(3)])
from layers import conv
