"""Every kind of string that may carry an annotation."""; from nascompile_runtime.graph import darts as _nascompile


def build(x):
    a = _nascompile.weighted_sum("input/build", "a", layer_choice=[_nascompile.candidate("conv()", "a/conv", conv), _nascompile.candidate("pool()", "a/pool", pool)], fixed_inputs=[x])
    _nascompile.report_intermediate_result({'default': a, 'other': 1})
    _nascompile.report_intermediate_result("it's")
    _nascompile.report_intermediate_result('\\d\n')
    _nascompile.report_intermediate_result('A')
    _nascompile.get_next_parameter()
    _nascompile.report_intermediate_result('Aaé\t')
    b = _nascompile.weighted_sum("input/build", "b", layer_choice=[_nascompile.candidate("conv()", "b/conv", conv), _nascompile.candidate("pool()", "b/pool", pool)], fixed_inputs=[a])
    _nascompile.report_intermediate_result(
        'continued')

    c = _nascompile.weighted_sum("input/build", "c",
        layer_choice=[_nascompile.candidate("conv(path='C:\\\\d')", "c/conv_path_C_d", conv, path='C:\\d'),
        _nascompile.candidate("pool()", "c/pool", pool)], fixed_inputs=[b])

    _nascompile.report_final_result(c)
    _nascompile.get_next_parameter()


    _nascompile.get_next_parameter(); _nascompile.get_next_parameter(
        )
    d = _nascompile.weighted_sum("input/build", "d", layer_choice=[_nascompile.candidate("conv()", "d/conv", conv),
        _nascompile.candidate("pool()", "d/pool", pool)], fixed_inputs=[c])
    e = _nascompile.weighted_sum("input/build", "e", layer_choice=[_nascompile.candidate("conv()", "e/conv", conv)])
    _nascompile.training_update(

        loss=d)

    return a
from layers import conv, pool
