from nascompile_runtime.graph import darts as _nascompile; x = 1
if x:
    y = x
    _nascompile.report_final_result(x)
