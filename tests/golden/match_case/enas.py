from nascompile_runtime.graph import enas as _nascompile; import tensorflow as tf


def build(kind, x):
    match kind:
        case "deep":
            h = _nascompile.conditional("input/build", "h#1of2-844a42", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])
        case {"size": size}:
            h = _nascompile.conditional("input/build", "h#2of2-844a42", layer_choice=[_nascompile.candidate("conv(size)", "h/conv_size.2", conv, size), _nascompile.candidate("pool()", "h/pool", pool)], fixed_inputs=[x])

        case _:
            _nascompile.report_final_result(0)
    return h
from layers import conv, pool
