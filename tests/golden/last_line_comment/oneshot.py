from nascompile_runtime.graph import oneshot as _nascompile; x = 1
if x:
    y = x
    _nascompile.report_final_result(x)
