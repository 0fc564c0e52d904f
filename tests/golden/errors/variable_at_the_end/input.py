def f():
    lr = 0.1
    # @nni.variable(nni.choice(1, 2), name=lr)


lr = 0.1
