# Nothing is imported before the first annotation.
SIZE = 3; WIDTH = \
    4
"""@nni.mutable_layer(layer_choice=[conv(size=SIZE), conv(size=WIDTH)], layer_output=h)"""
import os
from layers import conv
