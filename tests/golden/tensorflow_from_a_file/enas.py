from nascompile_runtime.graph import enas as _nascompile; from layers import conv, tf


def build(x):
    h = _nascompile.conditional("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])

    return tf.nn.relu(h)
