def helper():
    pass

import tensorflow as tf; tf.disable_v2_behavior()
if tf:
    pass


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[x], []], size=1)
    return h
from layers import conv
