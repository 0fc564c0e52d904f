import tensorflow.compat.v1 as tf
from layers import conv
x = tf.placeholder(tf.float32)
"""@nni.mutable_layers({layer_choice: [conv()], fixed_inputs: [x], layer_output: h},
                       {layer_choice: [conv()], optional_inputs: [x], optional_input_size: 1, layer_output: y})"""
with tf.Session() as session:
    for step in range(3):
        # @nni.get_next_parameter(session)
        # @nni.report_final_result(session.run(y, {x: 1}))
        pass
