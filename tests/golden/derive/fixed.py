"""Deriving: every form of arguments, and places where the annotation is all there is."""
import tensorflow.compat.v1 as tf


def score(session): return session
def conv(inputs, size): return inputs[0][0]


def build(x):
    with tf.variable_scope(None, "h/conv_size_1"):
        h = conv([[x], []], size=1)
    return h


session = tf.Session()
metric, valid, train = build(tf.zeros([2, 3])), [{}], lambda: iter([{}])










if session:
    pass

else: pass
session.close(); (
    ); session = None
