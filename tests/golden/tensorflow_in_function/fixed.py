"""TensorFlow is imported where it is needed only; closures see it, other functions could not."""


def build(x):
    import tensorflow.compat.v1 as tf

    def layer(y):
        with tf.variable_scope(None, "h/conv_size_1"): h = conv([[y], []], size=1)
        return h

    return tf.identity(layer(x))


class Net:
    import tensorflow as flow

    with flow.compat.v1.variable_scope(None, "h/conv_size_1.2"): h = conv([[flow.zeros(3)], []], size=1)
from layers import conv
