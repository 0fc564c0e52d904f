"""Lines end like on Windows."""
import tensorflow as tf


def build(x):
    """@nni.mutable_layer(
        layer_choice=[conv(size=1),
                      conv(size=3)],
        fixed_inputs=[x],
        layer_output=h)"""
    # @nni.mutable_layer(layer_choice=[pool(),
    #     conv(size=5)], fixed_inputs=[h])
    out = pool([[h],
                []])
    # @nni.report_final_result(out)
    return out
from layers import conv, pool
