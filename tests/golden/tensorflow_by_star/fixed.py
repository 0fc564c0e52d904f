from ops import *


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"):
        h = conv([[x], []], size=1)
    return tf.nn.relu(h)


def scaled(x, tf):

    scale = 1
    return tf.multiply(x, scale)
