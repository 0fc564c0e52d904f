from nascompile_runtime.graph import darts as _nascompile; pass

x = _nascompile.variable("input/x/choice", "choice", 1, 2)
