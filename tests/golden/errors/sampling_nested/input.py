# @nni.variable(nni.choice(nni.uniform(0, 1), 5, [2, nni.normal(0, 1)]), name=x)
x = 5
# @nni.function_choice(abs(nni.randint(0, 3)), abs(x), name=abs)
y = abs(x)
# @nni.mutable_layer(layer_choice=[abs(nni.choice(1, 2)), len()], fixed_inputs=[nni.choice(x, y)])
h = abs(y)
