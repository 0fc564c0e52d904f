"""TensorFlow without an alias, and with the runtime's import beside it on a line."""
import os, tensorflow.compat.v1, sys; tensorflow.compat.v1.disable_v2_behavior()


class Net:
    with tensorflow.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[], []], size=1)

    def build(self, x):
        with tensorflow.compat.v1.variable_scope(None, "self_h/conv_size_1"):
            self.h = conv([[x], []], size=1)
from layers import conv
