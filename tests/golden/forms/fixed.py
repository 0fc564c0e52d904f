"""Dict and keyword form, keys as names and as strings, and both spellings of the annotation."""
from tensorflow.compat import v1 as tf


def build(x):
    with tf.variable_scope(None, "a/conv"): a = conv([[x], []])
    with tf.variable_scope(None, "b/conv"): b = conv([[a], []])
    with tf.variable_scope(None, "c/conv"): c = conv([[b], []])
    with tf.variable_scope(None, "d/conv"):
        d = conv([[], []])





    with tf.variable_scope(None, "e/conv"):
        e = conv([[], []])

    with tf.variable_scope(None, "f/conv"):
        f = conv([[], [d, e]])



















    return f
from layers import conv, pool
