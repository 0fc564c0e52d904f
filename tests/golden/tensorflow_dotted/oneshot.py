"""TensorFlow without an alias, and with the runtime's import beside it on a line."""; from nascompile_runtime.graph import oneshot as _nascompile
import os, tensorflow.compat.v1, sys; tensorflow.compat.v1.disable_v2_behavior()


class Net:
    h = _nascompile.dropout_sum("input/Net", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)])

    def build(self, x):
        self.h = _nascompile.dropout_sum("input/Net.build", "self.h", layer_choice=[_nascompile.candidate("conv(size=1)", "self_h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "self_h/conv_size_3", conv, size=3)], fixed_inputs=[x])

from layers import conv
