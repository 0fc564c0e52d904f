"""A docstring, and the only statement that the import could join."""; from nascompile_runtime.graph import darts as _nascompile  # a comment stays behind it


def build(x):
    """Builds the net."""
    h = _nascompile.weighted_sum("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])
    return h
from layers import conv
