# @nni.function_choice(f(x), g(x))
y = f(x)
