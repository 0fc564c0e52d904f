from nascompile_runtime.graph import classic as _nascompile; h = _nascompile.sub_graph("input", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)])
from layers import conv
