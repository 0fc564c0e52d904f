# An annotation may be the first statement. It is no docstring.
from nascompile_runtime.graph import darts as _nascompile; h = _nascompile.weighted_sum("input", "h",
    layer_choice=[_nascompile.candidate("len()", "h/len", len), _nascompile.candidate("sum()", "h/sum", sum)],
    fixed_inputs=[0])

import os

print(h, os.getpid())
