"""@nni.variable(nni.choice(1, 2),
    name=x)"""
x = 1
