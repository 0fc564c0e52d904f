def build(x):
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])

    h = conv([[x], []])
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    # The default is a convolution.
    h = conv([[x], []])
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    return h
