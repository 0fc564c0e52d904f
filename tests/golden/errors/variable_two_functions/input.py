"""@nni.variable(nni.choice(1), nni.choice(2), name=x)"""
x = 1
