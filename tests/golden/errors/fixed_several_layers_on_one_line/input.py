import tensorflow.compat.v1 as tf


def build(x):
    """@nni.mutable_layers({layer_choice: [conv()], layer_output: h}, {layer_choice: [pool()], layer_output: g})"""
    return h
from layers import conv, pool
