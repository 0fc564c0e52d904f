import tensorflow as tf


def build(kind, x):
    match kind:
        case "deep":
            with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[x], []], size=1)
        case {"size": size}:
            with tf.compat.v1.variable_scope(None, "h/conv_size.2"):
                h = conv([[x], []], size)
        case _:
            pass
    return h
from layers import conv, pool
