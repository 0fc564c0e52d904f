import tensorflow as tf


def build(kind, x):
    match kind:
        case "deep":
            """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""
        case {"size": size}:
            # @nni.mutable_layer(layer_choice=[conv(size), pool()], fixed_inputs=[x])
            h = conv([[x], []], size)
        case _:
            """@nni.report_final_result(0)"""
    return h
from layers import conv, pool
