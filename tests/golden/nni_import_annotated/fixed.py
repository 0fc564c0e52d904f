import nni


x = 1
nni.report_final_result(x)
