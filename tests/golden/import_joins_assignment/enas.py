# Nothing is imported before the first annotation.
from nascompile_runtime.graph import enas as _nascompile; SIZE = 3; WIDTH = \
    4
h = _nascompile.conditional("input", "h", layer_choice=[_nascompile.candidate("conv(size=SIZE)", "h/conv_size_SIZE", conv, size=SIZE), _nascompile.candidate("conv(size=WIDTH)", "h/conv_size_WIDTH", conv, size=WIDTH)])
import os
from layers import conv
