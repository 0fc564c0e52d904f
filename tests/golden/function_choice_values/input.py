def relu(x, scale=1):
    return max(x, 0) * scale


x = 3
# @nni.function_choice(relu(x), relu(x) + 1, x, 2 * 3+4, lambda: 5, name=relu)
y = [relu(x), 1]
# @nni.function_choice(2*3+4, relu(x), name=relu)
z = relu(x) * 2
# @nni.variable(nni.randint(5), name=size)
size = 2
