def build(x):
    # @nni.mutable_layer(layer_choice=[conv(), pool()],
    h = conv([[x], []])
    # fixed_inputs=[x])
    return h
