def relu(x, scale=1):
    return max(x, 0) * scale


from nascompile_runtime.graph import darts as _nascompile; x = 3

y = [_nascompile.function_choice("input/relu/function_choice#1of2-0f56f8", _nascompile.call("relu(x)", relu, x), _nascompile.call("relu(x) + 1", lambda: relu(x) + 1), _nascompile.option("x", x), _nascompile.option("2 * 3 + 4", 2 * 3 + 4), _nascompile.option("lambda: 5", lambda: 5)), 1]

z = _nascompile.function_choice("input/relu/function_choice#2of2-0f56f8", _nascompile.option("2 * 3 + 4", 2 * 3 + 4), _nascompile.call("relu(x)", relu, x)) * 2

size = _nascompile.variable("input/size/randint", "randint", 0, 5)
