# @nni.variable(nni.choice(1, 2), name=lr)
rate = 0.1
