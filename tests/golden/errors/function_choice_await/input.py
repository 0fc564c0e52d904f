# @nni.function_choice(f(await x), g(x), name=f)
y = f(x)
