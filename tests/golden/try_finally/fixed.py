import tensorflow as tf


def build(x):
    try:
        with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[x], []], size=1)
    except ValueError as error:
        with tf.compat.v1.variable_scope(None, "h/pool"): h = pool([[x], []])
        raise error
    except (TypeError, KeyError):
        pass
    else:

        x = h
    finally:
        pass
    return h
from layers import conv, pool
