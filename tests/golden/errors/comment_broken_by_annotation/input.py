def build(x):
    # @nni.mutable_layer(layer_choice=[conv(), pool()],
    # @nni.get_next_parameter()
    h = conv([[x], []])
    return h
