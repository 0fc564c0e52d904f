"""Annotations on a line with other statements: these stay where they are, before and behind."""
import os; """@nni.get_next_parameter()"""; import sys

def build(x):
    x += 1; """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""; x = 2
    y = 1; """@nni.mutable_layers({
        layer_choice: [conv(size=1), conv(size=3)],
        fixed_inputs: [x],
        layer_output: h
    }, {
        layer_choice: [pool()],
        fixed_inputs: [h],
        layer_output: out
    })"""; y = out ; z = 3  # the line of y and z
    x = 1; \
    """@nni.report_intermediate_result(x)"""; \
    z = y
    x = 2; """@nni.report_final_result(
        x
    )"""
    """@nni.report_final_result(x)"""; # a semicolon ends the line
    """@nni.training_update(
        loss=x
    )"""; return (x,
                  h)
from layers import conv, pool
