"""The file begins with a byte order mark."""; from nascompile_runtime.graph import enas as _nascompile
import tensorflow as tf

höhe = _nascompile.conditional("input", "höhe", layer_choice=[_nascompile.candidate("conv(size=1)", "h_he/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h_he/conv_size_3", conv, size=3)], fixed_inputs=['größe'])
from layers import conv
