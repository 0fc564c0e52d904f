# @nni.variable(nni.randint(0), name=x)
x = 1
# @nni.variable(nni.randint(2.5), name=x)
x = 1
# @nni.variable(nni.randint(lower=1), name=x)
x = 1
