"""@nni.variable(name=x)"""
x = 1
