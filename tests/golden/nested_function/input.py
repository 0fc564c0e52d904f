"""Functions in functions, and a class in one of them; closures see the outer names."""
import tensorflow.compat.v1 as tf


def make(size):
    """@nni.mutable_layer(layer_choice=[conv(size), pool()], layer_output=outer)"""

    class Cell:
        def build(self, x):
            def inner(y):
                """@nni.mutable_layer(layer_choice=[conv(size), pool()], fixed_inputs=[x, y], layer_output=h)"""
                return h

            return inner(outer)

    return Cell
from layers import conv, pool
