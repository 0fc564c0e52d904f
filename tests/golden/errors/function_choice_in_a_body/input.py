# @nni.function_choice(f(x), g(x), name=f)
if x:
    y = f(x)
# @nni.function_choice(f(x), g(x), name=f)
try:
    y = f(x)
except E:
    pass
