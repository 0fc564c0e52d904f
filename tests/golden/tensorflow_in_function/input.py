"""TensorFlow is imported where it is needed only; closures see it, other functions could not."""


def build(x):
    import tensorflow.compat.v1 as tf

    def layer(y):
        """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[y], layer_output=h)"""
        return h

    return tf.identity(layer(x))


class Net:
    import tensorflow as flow

    """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[flow.zeros(3)], layer_output=h)"""
from layers import conv
