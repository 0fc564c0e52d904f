"""A net that is built for training and again for validation, on the same weights."""
import tensorflow.compat.v1 as tf


def build(x, reuse):
    with tf.variable_scope("net", reuse=reuse):
        """@nni.mutable_layer(
            layer_choice=[conv(size=1), conv(size=3)],
            fixed_inputs=[x],
            layer_output=h)"""
        # @nni.mutable_layer(layer_choice=[dense(units=10), pool()], fixed_inputs=[h])
        logits: tf.Tensor = dense([[h], []], units=10)
        return logits


train = build(tf.zeros([2, 3]), reuse=False)
valid = build(tf.zeros([2, 3]), reuse=True)
from layers import conv, dense, pool
