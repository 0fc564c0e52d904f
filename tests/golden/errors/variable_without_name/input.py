"""@nni.variable(nni.choice(1, 2))"""
x = 1
