"""@nni.variable(nni.normal(1, mu=2), name=x)"""
x = 1
