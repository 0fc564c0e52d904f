"""@nni.variable(uniform(1, 2), name=x)"""
x = 1
"""@nni.variable([1, 2], name=x)"""
x = 1
