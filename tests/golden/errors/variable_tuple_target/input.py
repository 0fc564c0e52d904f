# @nni.variable(nni.choice(1, 2), name=lr)
lr, rate = 0.1, 0.2
