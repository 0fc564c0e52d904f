def build(x):
    h = conv([[x], []])  # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    return h
