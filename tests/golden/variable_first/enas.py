from nascompile_runtime.graph import enas as _nascompile; pass

x = _nascompile.variable("input/x/choice", "choice", 1, 2)
