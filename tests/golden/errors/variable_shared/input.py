# @nni.variable(nni.choice(1, 2), name=x, shared=yes)
x = 1
# @nni.variable(nni.choice(1, 2), name=x, shared=True, shared=True)
x = 1
# @nni.variable(nni.choice(1, 2), name=x, share=True)
x = 1
# @nni.variable(nni.choice(1, 2), shared=True)
x = 1
