import tensorflow as tf


def build(x):
    try:
        """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""
    except ValueError as error:
        """@nni.mutable_layer(layer_choice=[pool()], fixed_inputs=[x], layer_output=h)"""
        raise error
    except (TypeError, KeyError):
        """@nni.report_final_result(0)"""
    else:
        # @nni.report_intermediate_result(h)
        x = h
    finally:
        """@nni.report_final_result(x)"""
    return h
from layers import conv, pool
