x = 1
if x:
    y = x
    # @nni.report_final_result(x,
    # )