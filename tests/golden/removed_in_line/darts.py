"""Where a report shares its lines, mode fixed leaves something that does nothing in as many lines."""; from nascompile_runtime.graph import darts as _nascompile
x = 1; _nascompile.report_intermediate_result(x)
_nascompile.report_intermediate_result(
    x); y = 2
if x: _nascompile.report_final_result(
    x
    )
_nascompile.report_final_result(x)  # said about the report
_nascompile.report_final_result(y)
print(x, y)
