# @nni.variable(nni.choice(1, 2), name=a)
# @nni.variable(nni.choice(1, 2), name=b)
a = b = 0.1
