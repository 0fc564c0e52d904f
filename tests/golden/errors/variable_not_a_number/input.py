"""@nni.variable(nni.uniform(low, "1"), name=x)"""
x = 1
"""@nni.variable(nni.uniform(True, 1e999), name=x)"""
x = 1
# @nni.variable(nni.randint(9 ** 9 ** 9, (-1) ** 0.5), name=x)
x = 1
# @nni.variable(nni.randint(1 / 0, 9007199254740993), name=x)
x = 1
