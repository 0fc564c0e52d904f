"""Where a report shares its lines, mode fixed leaves something that does nothing in as many lines."""
x = 1; """@nni.report_intermediate_result(x)"""
"""@nni.report_intermediate_result(
    x)"""; y = 2
if x: """@nni.report_final_result(
    x
)"""
"""@nni.report_final_result(x)"""  # said about the report
# @nni.report_final_result(y)
print(x, y)
