# @nni.variable(nni.normal(0, 0), name=x)
x = 1
# @nni.variable(nni.quniform(0, 1, -0.5), name=x)
x = 1
# @nni.variable(nni.qnormal(0, 1, 1e-320), name=x)
x = 1
