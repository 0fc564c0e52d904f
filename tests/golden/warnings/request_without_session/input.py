import tensorflow.compat.v1 as tf
from layers import conv, pool


def build(x):
    """@nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=h)"""
    return h


with tf.Session() as session:
    for step in range(100):
        """@nni.get_next_parameter()"""
        """@nni.report_final_result(session.run(build(step)))"""  # training_update
