from ops import *


def build(x):
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x])
    h = conv([[x], []], size=1)
    return tf.nn.relu(h)


def scaled(x, tf):
    # @nni.variable(nni.choice(1, 2), name=scale)
    scale = 1
    return tf.multiply(x, scale)
