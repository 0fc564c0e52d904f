"""A comment belongs to the suite of its indentation, also at its end, before `else`, and below deeper ones."""
import tensorflow as tf


def build(x, deep):
    if deep:
        x = x + 1
        # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=x)
    else:
        for y in x:
            x = y
            # @nni.report_intermediate_result(y)
        # @nni.report_intermediate_result(x)
    # @nni.report_final_result(x)

    # a comment of nothing
    try:
        pass
        # @nni.report_final_result(1)
    except ValueError:
        pass
        # @nni.report_final_result(2)
    finally:
        pass
        # @nni.report_final_result(3)


# @nni.report_final_result(4)
class Net:
    size = 1
    # @nni.mutable_layer(layer_choice=[conv(size), pool()], layer_output=h)
# @nni.report_final_result(5)
from layers import conv, pool
