# @nni.function_choice(name=f)
y = f(x)
# @nni.function_choice()
y = f(x)
