"""Annotations on a line with other statements: these stay where they are, before and behind."""; from nascompile_runtime.graph import classic as _nascompile
import os; _nascompile.get_next_parameter(); import sys

def build(x):
    x += 1; h = _nascompile.sub_graph("input/build", "h#1of2-7f96ce", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x]); x = 2
    y = 1; h = _nascompile.sub_graph("input/build", "h#2of2-7f96ce",
        layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1.2", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3.2", conv, size=3)],
        fixed_inputs=[x]

        ); out = _nascompile.sub_graph("input/build", "out",
        layer_choice=[_nascompile.candidate("pool()", "out/pool", pool)],
        fixed_inputs=[h]

        ); y = out ; z = 3  # the line of y and z
    x = 1; \
    _nascompile.report_intermediate_result(x); \
    z = y
    x = 2; _nascompile.report_final_result(
        x
        )
    _nascompile.report_final_result(x); # a semicolon ends the line
    _nascompile.training_update(
        loss=x
        ); return (x,
                  h)
from layers import conv, pool
