"""TensorFlow 1's functions by a short name, and a local variable that is called like the usual one."""; from nascompile_runtime.graph import darts as _nascompile
from tensorflow import compat as c, float32


def build(tf, x):
    h = _nascompile.weighted_sum("input/build", "h",
        layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x, tf])
    out = _nascompile.weighted_sum("input/build", "out", layer_choice=[_nascompile.candidate("pool()", "out/pool", pool)], fixed_inputs=[h])
    return out
from layers import conv, pool
