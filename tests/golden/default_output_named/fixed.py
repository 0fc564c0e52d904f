"""A comment that names its output describes the assignment below only if that is its target, and the sole one."""
import tensorflow as tf


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"):
        h = conv([[x], []], size=1)
    with tf.compat.v1.variable_scope(None, "g/conv_size_1"): g = conv([[h], []], size=1)
    h = g + 1
    with tf.compat.v1.variable_scope(None, "a/conv_size_1"): a = conv([[h], []], size=1)
    a = b = a + h
    with tf.compat.v1.variable_scope(None, "a/conv_size_1.2"): a = conv([[h], []], size=1)
    a, b = h, a
    with tf.compat.v1.variable_scope(None, "a/conv_size_1.3"): a = conv([[h], []], size=1)
    a += h
    with tf.compat.v1.variable_scope(None, "a/conv_size_1.4"): a = conv([[h], []], size=1)

    a = a + h

    a = h
    return a, b
from layers import conv
