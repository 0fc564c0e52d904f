import nni

# @nni.variable(nni.choice(1, 2), name=x)
x = nni.choice(1, 2, name="x")
nni.report_final_result(x)
