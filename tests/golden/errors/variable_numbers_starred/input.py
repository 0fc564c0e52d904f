"""@nni.variable(nni.normal(*bounds), name=x)"""
x = 1
