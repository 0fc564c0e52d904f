"""@nni.variable(nni.choice(1, 2, "a", True, 1.0, f(x), "f(x)", f( x ), None, None, True), name=x)"""
x = 1
