"""Comments as carriers: of one line, of several, and beside comments that are none."""
import tensorflow as tf


def build(x):
    # A layer follows.
    with tf.compat.v1.variable_scope(None, "a/conv_size_1"): a = conv([[x], []], size=1)
    # That was a layer.

    with tf.compat.v1.variable_scope(None, "b/conv_size_1"):
        b = conv([[a], []], size=1)






    with tf.compat.v1.variable_scope(None, "c/pool"):
        c = pool([[b], []])







    with tf.compat.v1.variable_scope(None, "d/pool_kind"):
        d = pool([[c], []], kind="# )")
    return d  # comments behind code stay



@property
def report(self):
    """Reports."""

from layers import conv, pool
