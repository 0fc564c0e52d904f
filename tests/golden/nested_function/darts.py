"""Functions in functions, and a class in one of them; closures see the outer names."""; from nascompile_runtime.graph import darts as _nascompile
import tensorflow.compat.v1 as tf


def make(size):
    outer = _nascompile.weighted_sum("input/make", "outer", layer_choice=[_nascompile.candidate("conv(size)", "outer/conv_size", conv, size), _nascompile.candidate("pool()", "outer/pool", pool)])

    class Cell:
        def build(self, x):
            def inner(y):
                h = _nascompile.weighted_sum("input/make.Cell.build.inner", "h", layer_choice=[_nascompile.candidate("conv(size)", "h/conv_size", conv, size), _nascompile.candidate("pool()", "h/pool", pool)], fixed_inputs=[x, y])
                return h

            return inner(outer)

    return Cell
from layers import conv, pool
