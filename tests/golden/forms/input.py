"""Dict and keyword form, keys as names and as strings, and both spellings of the annotation."""
from tensorflow.compat import v1 as tf


def build(x):
    """@nni.mutable_layers({layer_choice: [conv()], fixed_inputs: [x], layer_output: a})"""
    """@nni.mutable_layer({'layer_choice': [conv()], "fixed_inputs": [a], layer_output: b})"""
    """@nni.mutable_layer(layer_choice=(conv(), pool()), fixed_inputs=(b,), layer_output=c)"""
    """@nni.mutable_layers(
        layer_output=d,
        optional_input_size=[0, 1],
        optional_inputs=(a, b, ),
        fixed_inputs=[],
        layer_choice=[conv(), pool(),],
    )"""
    """@nni.mutable_layers({
        layer_output: e, layer_choice: [conv()], optional_inputs: [], optional_input_size: 1
    },)"""
    """@nni.mutable_layer(
    layer_choice
    =
    [
    conv
    (
    )
    ]
    ,
    optional_inputs
    =
    [
    d,
    e
    ],
    optional_input_size
    =
    2
    , layer_output
    =
    f)"""
    return f
from layers import conv, pool
