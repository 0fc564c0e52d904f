import tensorflow as tf


def build(x, deep):
    if deep:
        with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[x], []], size=1)
    elif x is None:
        # what an elif says
        with tf.compat.v1.variable_scope(None, "h/zero"): h = zero([[], []])  # one candidate
    elif x:
        h = x

    else:
        with tf.compat.v1.variable_scope(None, "h/pool"):
            h = pool([[x], []])



    return h
from layers import conv, pool, zero
