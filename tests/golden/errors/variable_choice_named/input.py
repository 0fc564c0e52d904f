"""@nni.variable(nni.choice(1, 2, name="x"), name=x)"""
x = 1
"""@nni.variable(nni.choice(options=[1, 2]), name=x)"""
x = 1
