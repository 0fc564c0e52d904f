"""Bodies on the line of their header. Nothing that needs a line of its own fits there."""; from nascompile_runtime.graph import enas as _nascompile
def build(x): h = _nascompile.conditional("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x]); return h
def report(x): _nascompile.report_final_result(x)
class Net: h = _nascompile.conditional("input/Net", "h",
    layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1.2", conv, size=1)])
if build(1): _nascompile.report_intermediate_result(1); _nascompile.report_final_result(1)
else: _nascompile.get_next_parameter()
for step in range(3): _nascompile.training_update(
    loss=step)
from layers import conv
