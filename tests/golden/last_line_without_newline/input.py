import tensorflow as tf
from layers import conv
x = 1
"""@nni.mutable_layer(
    layer_choice=[conv(size=1), conv(size=3)],
    fixed_inputs=[x], layer_output=h)"""