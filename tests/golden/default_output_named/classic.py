"""A comment that names its output describes the assignment below only if that is its target, and the sole one."""; from nascompile_runtime.graph import classic as _nascompile
import tensorflow as tf


def build(x):
    h = _nascompile.sub_graph("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])

    g = _nascompile.sub_graph("input/build", "g", layer_choice=[_nascompile.candidate("conv(size=1)", "g/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "g/conv_size_3", conv, size=3)], fixed_inputs=[h])
    h = g + 1
    a = _nascompile.sub_graph("input/build", "a#1of4-c5f2f9", layer_choice=[_nascompile.candidate("conv(size=1)", "a/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "a/conv_size_3", conv, size=3)], fixed_inputs=[h])
    a = b = a + h
    a = _nascompile.sub_graph("input/build", "a#2of4-c5f2f9", layer_choice=[_nascompile.candidate("conv(size=1)", "a/conv_size_1.2", conv, size=1), _nascompile.candidate("conv(size=3)", "a/conv_size_3.2", conv, size=3)], fixed_inputs=[h])
    a, b = h, a
    a = _nascompile.sub_graph("input/build", "a#3of4-c5f2f9", layer_choice=[_nascompile.candidate("conv(size=1)", "a/conv_size_1.3", conv, size=1), _nascompile.candidate("conv(size=3)", "a/conv_size_3.3", conv, size=3)], fixed_inputs=[h])
    a += h
    a = _nascompile.sub_graph("input/build", "a#4of4-c5f2f9", layer_choice=[_nascompile.candidate("conv(size=1)", "a/conv_size_1.4", conv, size=1), _nascompile.candidate("conv(size=3)", "a/conv_size_3.4", conv, size=3)], fixed_inputs=[h])

    a = a + h
    _nascompile.report_intermediate_result(a)
    a = h
    return a, b
from layers import conv
