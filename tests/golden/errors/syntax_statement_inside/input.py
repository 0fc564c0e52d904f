def build(x):
    """@nni.report_final_result(return x)"""
    """@nni.report_final_result(import os)"""
    """@nni.mutable_layer(layer_choice=[conv(if=1)], layer_output=h)"""
    return h
