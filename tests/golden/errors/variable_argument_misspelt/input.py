"""@nni.variable(nni.choice(1, 2), nmae=x)"""
x = 1
"""@nni.variable(nni.choice(1, 2), **{"name": 1})"""
x = 1
