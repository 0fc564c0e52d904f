"""@nni.variable(nni.normal(1, 2, 3), name=x)"""
x = 1
