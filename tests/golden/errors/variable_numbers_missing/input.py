"""@nni.variable(nni.uniform(1), name=x)"""
x = 1
"""@nni.variable(nni.quniform(1, q=2), name=x)"""
x = 1
