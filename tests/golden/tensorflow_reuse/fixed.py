"""A net that is built for training and again for validation, on the same weights."""
import tensorflow.compat.v1 as tf


def build(x, reuse):
    with tf.variable_scope("net", reuse=reuse):
        with tf.variable_scope("h/conv_size_1" if tf.get_variable_scope().reuse else None, "h/conv_size_1"):
            h = conv([[x], []], size=1)


        with tf.variable_scope("logits/dense_units_10" if tf.get_variable_scope().reuse else None, "logits/dense_units_10"):
            logits: tf.Tensor = dense([[h], []], units=10)
        return logits


train = build(tf.zeros([2, 3]), reuse=False)
valid = build(tf.zeros([2, 3]), reuse=True)
from layers import conv, dense, pool
