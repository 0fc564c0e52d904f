# @nni.variable(nni.randint(3, 3), name=x)
x = 1
# @nni.variable(nni.randint(0.5, 3), name=x)
x = 1
# @nni.variable(nni.randint(upper=0.5, lower=3), name=x)
x = 1
