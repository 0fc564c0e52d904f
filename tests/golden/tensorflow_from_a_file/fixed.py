from layers import conv, tf


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"):
        h = conv([[x], []], size=1)
    return tf.nn.relu(h)
