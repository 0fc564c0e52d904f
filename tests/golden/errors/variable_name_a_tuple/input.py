"""@nni.variable(nni.choice((1, 2), (3, 4)), name=(x, y))"""
x, y = 1, 2
