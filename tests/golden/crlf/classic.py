"""Lines end like on Windows."""; from nascompile_runtime.graph import classic as _nascompile
import tensorflow as tf


def build(x):
    h = _nascompile.sub_graph("input/build", "h",
        layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1),
        _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)],
        fixed_inputs=[x])

    out = _nascompile.sub_graph("input/build", "out", layer_choice=[_nascompile.candidate("pool()", "out/pool", pool),
        _nascompile.candidate("conv(size=5)", "out/conv_size_5", conv, size=5)], fixed_inputs=[h])


    _nascompile.report_final_result(out)
    return out
from layers import conv, pool
