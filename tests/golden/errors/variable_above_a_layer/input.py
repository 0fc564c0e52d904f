# @nni.variable(nni.choice(1, 2), name=h)
# @nni.mutable_layer(layer_choice=[conv()], fixed_inputs=[x])
h = conv([[x], []])
