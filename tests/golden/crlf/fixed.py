"""Lines end like on Windows."""
import tensorflow as tf


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"):
        h = conv([[x], []], size=1)




    with tf.compat.v1.variable_scope(None, "out/pool"):
        out = pool([[h], []])


    return out
from layers import conv, pool
