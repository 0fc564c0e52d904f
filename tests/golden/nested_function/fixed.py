"""Functions in functions, and a class in one of them; closures see the outer names."""
import tensorflow.compat.v1 as tf


def make(size):
    with tf.variable_scope(None, "outer/conv_size"): outer = conv([[], []], size)

    class Cell:
        def build(self, x):
            def inner(y):
                with tf.variable_scope(None, "h/conv_size"): h = conv([[x, y], []], size)
                return h

            return inner(outer)

    return Cell
from layers import conv, pool
