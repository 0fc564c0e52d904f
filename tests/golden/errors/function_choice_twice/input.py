# @nni.function_choice(f(x), g(x), f( x), name=f)
y = f(x)
