"""A net that is built for training and again for validation, on the same weights."""; from nascompile_runtime.graph import classic as _nascompile
import tensorflow.compat.v1 as tf


def build(x, reuse):
    with tf.variable_scope("net", reuse=reuse):
        h = _nascompile.sub_graph("input/build", "h",
            layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)],
            fixed_inputs=[x])

        logits: tf.Tensor = _nascompile.sub_graph("input/build", "logits", layer_choice=[_nascompile.candidate("dense(units=10)", "logits/dense_units_10", dense, units=10), _nascompile.candidate("pool()", "logits/pool", pool)], fixed_inputs=[h])

        return logits


train = build(tf.zeros([2, 3]), reuse=False)
valid = build(tf.zeros([2, 3]), reuse=True)
from layers import conv, dense, pool
