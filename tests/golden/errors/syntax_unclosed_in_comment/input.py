def build(x):
    # @nni.mutable_layer(
    #     layer_choice=[conv(size=1), conv(size=3],
    #     fixed_inputs=[x], layer_output=h)
    y = 1
    # @nni.mutable_layer(layer_choice=[conv(), pool(), fixed_inputs=[x]
    h = conv([[x], []])
    return h
