"""Blocks, layers and candidates of one name: each keeps a key of its own."""
import tensorflow.compat.v1 as tf


def build(x):
    with tf.variable_scope(None, "x/conv"):
        x = conv([[x], []])

    with tf.variable_scope(None, "x/conv.3"):
        x = conv([[x], []])
    with tf.variable_scope(None, "x_1/conv"): x_1 = conv([[x], []])
    with tf.variable_scope(None, "x_y/conv"): x.y = conv([[x], []])
    with tf.variable_scope(None, "x_y/conv.2"): x["y"] = conv([[x], []])
    with tf.variable_scope(None, "x/conv.4"): x = conv([[x], []])
    return x


def build(x):
    with tf.variable_scope(None, "x/conv_1.5"):
        x = conv_1([[x], []])
    return x


with tf.variable_scope(None, "x/conv.6"): x = conv([[], []])
with tf.variable_scope(None, "x/conv.7"): _ = conv([[], []])


class build:
    with tf.variable_scope(None, "x/conv.8"): x = conv([[], []])
from layers import Conv, conv, conv_1, conv_1_2, pool
