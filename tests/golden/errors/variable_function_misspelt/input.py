"""@nni.variable(nni.chioce(1, 2), name=x)"""
x = 1
"""@nni.variable(nni.gaussian(1, 2), name=x)"""
x = 1
