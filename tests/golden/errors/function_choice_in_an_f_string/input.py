# @nni.function_choice(f(x), g(x), name=f)
y = f"{f(x)}"
