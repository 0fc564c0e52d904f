import tensorflow as tf
from layers import convolution, pool

width = 3


def build(x, session):
    """@nni.mutable_layers(
        {layer_choice: [convolution(size=width), pol(size=[one for one in widths]), tf.nn.relu(name=__name__)],
         fixed_inputs: [x, y], layer_output: h},
        {layer_choice: [pool(scale=lambda z: z + weight)], fixed_inputs: [h], layer_output: table[index]})"""
    # @nni.get_next_parameter(sesion)
    """@nni.report_final_result(pol(h))"""
    return h
