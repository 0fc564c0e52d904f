def build(x):
    h = 0
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    h += conv([[x], []])
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    g: int
    return h
