"""A docstring, and the only statement that the import could join."""  # a comment stays behind it


def build(x):
    """Builds the net."""
    """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""
    return h
from layers import conv
