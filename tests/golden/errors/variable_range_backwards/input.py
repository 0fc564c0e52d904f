# @nni.variable(nni.uniform(1, 0.5), name=x)
x = 1
# @nni.variable(nni.uniform(-1.7e308, 1.7e308), name=x)
x = 1
