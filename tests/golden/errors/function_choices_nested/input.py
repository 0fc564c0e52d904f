# @nni.function_choice(f(x), g(x), name=f)
# @nni.function_choice(h(x), k(x), name=h)
y = f(h(x))
