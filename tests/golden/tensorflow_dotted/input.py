"""TensorFlow without an alias, and with the runtime's import beside it on a line."""
import os, tensorflow.compat.v1, sys; tensorflow.compat.v1.disable_v2_behavior()


class Net:
    """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], layer_output=h)"""

    def build(self, x):
        # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x])
        self.h = conv([[x], []], size=1)
from layers import conv
