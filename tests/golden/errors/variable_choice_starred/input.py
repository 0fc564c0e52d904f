"""@nni.variable(nni.choice(*options), name=x)"""
x = 1
