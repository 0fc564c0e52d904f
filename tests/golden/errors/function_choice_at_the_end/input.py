y = f(x)
# @nni.function_choice(f(x), g(x), name=f)
