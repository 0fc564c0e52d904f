from nascompile_runtime.graph import darts as _nascompile; import tensorflow as tf


def build(x, deep):
    if deep:
        h = _nascompile.weighted_sum("input/build", "h#1of3-37ab3a", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])
    elif x is None:
        # what an elif says
        h = _nascompile.weighted_sum("input/build", "h#2of3-37ab3a", layer_choice=[_nascompile.candidate("zero()", "h/zero", zero)])  # one candidate
    elif x:
        h = x
        _nascompile.report_intermediate_result(x)
    else:
        h = _nascompile.weighted_sum("input/build", "h#3of3-37ab3a",
            layer_choice=[_nascompile.candidate("pool()", "h/pool", pool)],
            fixed_inputs=[x])


    return h
from layers import conv, pool, zero
