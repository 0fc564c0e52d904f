# @nni.variable(nni.choice(1, 2), name=x)
x = 1
def f(x):
    # @nni.variable(nni.choice(2, 1), name=x, shared=True)
    x = 1
    # @nni.variable(nni.choice(1, 2.5), name=y, shared=True)
    y = 1
    # @nni.variable(nni.randint(1, 2), name=y, shared=True)
    y = 1
    # @nni.variable(nni.choice(1, 2.5), name=y)
    y = 1
    # @nni.function_choice(abs(x), len(x), name=abs, shared=True)
    abs(x)
    # @nni.function_choice(len(x), abs(x), name=abs, shared=True)
    abs(x)
