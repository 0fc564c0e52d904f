"""@nni.variable(nni.normal(mu=1, sigm=2), name=x)"""
x = 1
"""@nni.variable(nni.normal(1, 2, name=x))"""
x = 1
