"""Blocks, layers and candidates of one name: each keeps a key of its own."""; from nascompile_runtime.graph import enas as _nascompile
import tensorflow.compat.v1 as tf


def build(x):
    x = _nascompile.conditional("input/build", "x#1of5-9c9dab",
        layer_choice=[_nascompile.candidate("conv()", "x/conv", conv), _nascompile.candidate("conv(1)", "x/conv_1.2", conv, 1), _nascompile.candidate("conv(2)", "x/conv_2.2", conv, 2), _nascompile.candidate("conv(size=1)", "x/conv_size_1", conv, size=1), _nascompile.candidate("conv('size', 1)", "x/conv_size_1.2", conv, 'size', 1), _nascompile.candidate("Conv()", "x/Conv.2", Conv)], fixed_inputs=[x])

    x = _nascompile.conditional("input/build", "x#2of5-9c9dab", layer_choice=[_nascompile.candidate("conv()", "x/conv.3", conv), _nascompile.candidate("conv(1)", "x/conv_1.3", conv, 1)], fixed_inputs=[x])
    x_1 = _nascompile.conditional("input/build", "x_1", layer_choice=[_nascompile.candidate("conv()", "x_1/conv", conv)], fixed_inputs=[x])
    x.y = _nascompile.conditional("input/build", "x.y", layer_choice=[_nascompile.candidate("conv()", "x_y/conv", conv)], fixed_inputs=[x])
    x['y'] = _nascompile.conditional("input/build", "x['y']", layer_choice=[_nascompile.candidate("conv()", "x_y/conv.2", conv)], fixed_inputs=[x])

    x = _nascompile.conditional("input/build", "x#3of5-9c9dab", layer_choice=[_nascompile.candidate("conv()", "x/conv.4", conv), _nascompile.candidate("conv(1)", "x/conv_1.4", conv, 1)], fixed_inputs=[x])
    return x


def build(x):
    x = _nascompile.conditional("input/build", "x#4of5-9c9dab", layer_choice=[_nascompile.candidate("conv_1()", "x/conv_1.5", conv_1), _nascompile.candidate("conv()", "x/conv.5", conv), _nascompile.candidate("conv_1_2()", "x/conv_1_2.2", conv_1_2)], fixed_inputs=[x])

    return x


x = _nascompile.conditional("input", "x", layer_choice=[_nascompile.candidate("conv()", "x/conv.6", conv), _nascompile.candidate("pool()", "x/pool", pool)])
_ = _nascompile.conditional("input", "_", layer_choice=[_nascompile.candidate("conv()", "x/conv.7", conv), _nascompile.candidate("pool()", "x/pool.2", pool)])


class build:
    x = _nascompile.conditional("input/build", "x#5of5-9c9dab", layer_choice=[_nascompile.candidate("conv()", "x/conv.8", conv), _nascompile.candidate("pool()", "x/pool.3", pool)])
from layers import Conv, conv, conv_1, conv_1_2, pool
