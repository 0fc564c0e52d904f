"""@nni.variable(nni.choice(1, 2), name=x, name=y)"""
x = 1
