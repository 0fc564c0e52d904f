"""Comments as carriers: of one line, of several, and beside comments that are none."""; from nascompile_runtime.graph import classic as _nascompile
import tensorflow as tf


def build(x):
    # A layer follows.
    a = _nascompile.sub_graph("input/build", "a", layer_choice=[_nascompile.candidate("conv(size=1)", "a/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "a/conv_size_3", conv, size=3)], fixed_inputs=[x])
    # That was a layer.

    b = _nascompile.sub_graph("input/build", "b",

        layer_choice=[_nascompile.candidate("conv(size=1)", "b/conv_size_1", conv, size=1),
        _nascompile.candidate("conv(size=3)", "b/conv_size_3", conv, size=3)],
        fixed_inputs=[a])



    c = _nascompile.sub_graph("input/build", "c",
        layer_choice=[_nascompile.candidate("pool()", "c/pool", pool)],
        fixed_inputs=[b])



    _nascompile.get_next_parameter()
    _nascompile.report_intermediate_result(c)

    d = _nascompile.sub_graph("input/build", "d", layer_choice=[_nascompile.candidate("pool(kind='# )')", "d/pool_kind", pool, kind='# )')], fixed_inputs=[c])

    return d  # comments behind code stay


_nascompile.get_next_parameter()
@property
def report(self):
    """Reports."""
    _nascompile.report_final_result(self)
from layers import conv, pool
