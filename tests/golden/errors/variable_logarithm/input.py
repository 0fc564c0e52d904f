# @nni.variable(nni.loguniform(0, 0.5), name=x)
x = 1
# @nni.variable(nni.lognormal(1000, 1), name=x)
x = 1
