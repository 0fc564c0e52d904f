"""Two annotations on one line, also where the first ends and the second begins in mid-line."""; from nascompile_runtime.graph import darts as _nascompile
def build(x):
    a = _nascompile.weighted_sum("input/build", "a", layer_choice=[_nascompile.candidate("conv()", "a/conv", conv)]); b = _nascompile.weighted_sum("input/build", "b", layer_choice=[_nascompile.candidate("conv()", "b/conv", conv)])
    c = _nascompile.weighted_sum("input/build", "c",
        layer_choice=[_nascompile.candidate("conv()", "c/conv", conv)]
        ); d = _nascompile.weighted_sum("input/build", "d",
            layer_choice=[_nascompile.candidate("pool()", "d/pool", pool)],
            fixed_inputs=[c]
            )
    _nascompile.get_next_parameter(); _nascompile.report_final_result(d)
    return a, b, c, d
from layers import conv, pool
