"""Comments as carriers: of one line, of several, and beside comments that are none."""
import tensorflow as tf


def build(x):
    # A layer follows.
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=a)
    # That was a layer.

    #@nni.mutable_layers(
    #    {
    #        layer_choice: [conv(size=1),  # the small one
    #                       conv(size=3)],
    #        fixed_inputs: [a],
    #        layer_output: b
    #    },
    #
    #    {
    #        layer_choice: [pool()],
    #        fixed_inputs: [b],
    #        layer_output: c
    #    }
    #)
    # @nni.get_next_parameter()
    #     @nni.report_intermediate_result(c)

    # @nni.mutable_layer(layer_choice=[pool(kind="# )")], fixed_inputs=[c],
    # layer_output=d)
    return d  # comments behind code stay


# @nni.get_next_parameter()
@property
def report(self):
    """Reports."""
    # @nni.report_final_result(self)
from layers import conv, pool
