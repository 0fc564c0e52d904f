"""Form feeds, vertical tabs, U+0085 and U+2028 end no line of Python."""; from nascompile_runtime.graph import oneshot as _nascompile
import tensorflow as tf

title = "one twothreefour"
def build(x):
    h = _nascompile.dropout_sum("input/build", "h",
        layer_choice=[_nascompile.candidate("conv('a\\u2028b')", "h/conv_a_u2028b", conv, 'a\u2028b'), _nascompile.candidate("pool()", "h/pool", pool)],
        fixed_inputs=[x])
    label = " "; _nascompile.report_intermediate_result(
        h); label = ""  #   and so on
    out = _nascompile.dropout_sum("input/build", "out", layer_choice=[_nascompile.candidate("conv('\\u2028')", "out/conv_u2028", conv, '\u2028'),
        _nascompile.candidate("pool()", "out/pool", pool)], fixed_inputs=[h])

    _nascompile.report_final_result(out)
    return out
from layers import conv, pool
