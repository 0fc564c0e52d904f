"""Every kind of mistake once."""
import tensorflow.compat.v1 as tf


def build(x):
    """@nni.mutable_layers({layer_choice: [conv()], layer_ouput: h})"""
    """@nni.mutable_layers({layer_choice: [conv()] layer_output: h})"""
    # @nni.mutable_layer(layer_choice=[conv, pool()], fixed_inputs=[x], layer_output=g)
    y = tf.add(
        # @nni.get_next_parameter()
        x, 1)
    f"""@nni.report_final_result({y})"""
    # @nni.mutable_layer(layer_choice=[conv(), conv()], fixed_inputs=[x])
    z = conv([[x], []])
      # @nni.get_next_parameter()
    """@nni.report_finalresult(x)"""; """@nni.report_final_result()"""
    return z
