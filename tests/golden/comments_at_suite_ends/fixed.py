"""A comment belongs to the suite of its indentation, also at its end, before `else`, and below deeper ones."""
import tensorflow as tf


def build(x, deep):
    if deep:
        x = x + 1
        with tf.compat.v1.variable_scope(None, "x/conv_size_1"): x = conv([[x], []], size=1)
    else:
        for y in x:
            x = y




    # a comment of nothing
    try:
        pass

    except ValueError:
        pass

    finally:
        pass




class Net:
    size = 1
    with tf.compat.v1.variable_scope(None, "h/conv_size"): h = conv([[], []], size)

from layers import conv, pool
