"""@nni.variable(nni.choice(), name=x)"""
x = 1
