"""TensorFlow 1 or 2, whichever there is: what both have is used."""
try:
    import tensorflow.compat.v1 as tf
    tf.disable_v2_behavior()
except ImportError:
    import tensorflow as tf


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[x], []], size=1)
    return h
from layers import conv
