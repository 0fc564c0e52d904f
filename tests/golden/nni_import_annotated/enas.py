from nascompile_runtime.graph import enas as _nascompile; import nni


x = _nascompile.variable("input/x/choice", "choice", 1, 2)
nni.report_final_result(x)
