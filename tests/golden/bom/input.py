"""The file begins with a byte order mark."""
import tensorflow as tf

"""@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=["größe"], layer_output=höhe)"""
from layers import conv
