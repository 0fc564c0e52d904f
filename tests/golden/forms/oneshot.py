"""Dict and keyword form, keys as names and as strings, and both spellings of the annotation."""; from nascompile_runtime.graph import oneshot as _nascompile
from tensorflow.compat import v1 as tf


def build(x):
    a = _nascompile.dropout_sum("input/build", "a", layer_choice=[_nascompile.candidate("conv()", "a/conv", conv)], fixed_inputs=[x])
    b = _nascompile.dropout_sum("input/build", "b", layer_choice=[_nascompile.candidate("conv()", "b/conv", conv)], fixed_inputs=[a])
    c = _nascompile.dropout_sum("input/build", "c", layer_choice=[_nascompile.candidate("conv()", "c/conv", conv), _nascompile.candidate("pool()", "c/pool", pool)], fixed_inputs=[b])
    d = _nascompile.dropout_sum("input/build", "d",

        optional_input_size=[0, 1],
        optional_inputs={"a": a, "b": b},
        fixed_inputs=[],
        layer_choice=[_nascompile.candidate("conv()", "d/conv", conv), _nascompile.candidate("pool()", "d/pool", pool)])

    e = _nascompile.dropout_sum("input/build", "e",
        layer_choice=[_nascompile.candidate("conv()", "e/conv", conv)], optional_inputs={}, optional_input_size=0)

    f = _nascompile.dropout_sum("input/build", "f",



        layer_choice=[_nascompile.candidate("conv()", "f/conv", conv)],




        optional_inputs={"d": d,



        "e": e},

        optional_input_size=2)





    return f
from layers import conv, pool
