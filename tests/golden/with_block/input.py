import tensorflow as tf

with tf.Graph().as_default(), tf.variable_scope("net"):
    """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], layer_output=h)"""
    with tf.Session() as session:
        """@nni.get_next_parameter(session)"""
        """@nni.training_update(session=session)"""
        session.run(h)
from layers import conv
