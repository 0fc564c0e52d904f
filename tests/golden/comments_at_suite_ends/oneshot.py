"""A comment belongs to the suite of its indentation, also at its end, before `else`, and below deeper ones."""; from nascompile_runtime.graph import oneshot as _nascompile
import tensorflow as tf


def build(x, deep):
    if deep:
        x = x + 1
        x = _nascompile.dropout_sum("input/build", "x", layer_choice=[_nascompile.candidate("conv(size=1)", "x/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "x/conv_size_3", conv, size=3)], fixed_inputs=[x])
    else:
        for y in x:
            x = y
            _nascompile.report_intermediate_result(y)
        _nascompile.report_intermediate_result(x)
    _nascompile.report_final_result(x)

    # a comment of nothing
    try:
        pass
        _nascompile.report_final_result(1)
    except ValueError:
        pass
        _nascompile.report_final_result(2)
    finally:
        pass
        _nascompile.report_final_result(3)


_nascompile.report_final_result(4)
class Net:
    size = 1
    h = _nascompile.dropout_sum("input/Net", "h", layer_choice=[_nascompile.candidate("conv(size)", "h/conv_size", conv, size), _nascompile.candidate("pool()", "h/pool", pool)])
_nascompile.report_final_result(5)
from layers import conv, pool
