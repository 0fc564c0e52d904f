"""@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], layer_output=h)"""
from layers import conv
