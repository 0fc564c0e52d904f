def build(x):
    """@nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=hidden)"""
    return hidden
from layers import conv, pool
