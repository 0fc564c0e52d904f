"""TensorFlow 1's functions by a short name, and a local variable that is called like the usual one."""
from tensorflow import compat as c, float32


def build(tf, x):
    """@nni.mutable_layers(
        {layer_choice: [conv(size=1), conv(size=3)], fixed_inputs: [x, tf], layer_output: h},
        {layer_choice: [pool()], fixed_inputs: [h], layer_output: out})"""
    return out
from layers import conv, pool
