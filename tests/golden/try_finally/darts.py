from nascompile_runtime.graph import darts as _nascompile; import tensorflow as tf


def build(x):
    try:
        h = _nascompile.weighted_sum("input/build", "h#1of2-144a0b", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])
    except ValueError as error:
        h = _nascompile.weighted_sum("input/build", "h#2of2-144a0b", layer_choice=[_nascompile.candidate("pool()", "h/pool", pool)], fixed_inputs=[x])
        raise error
    except (TypeError, KeyError):
        _nascompile.report_final_result(0)
    else:
        _nascompile.report_intermediate_result(h)
        x = h
    finally:
        _nascompile.report_final_result(x)
    return h
from layers import conv, pool
