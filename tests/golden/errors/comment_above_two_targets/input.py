def build(x):
    # @nni.mutable_layer(layer_choice=[split()], fixed_inputs=[x])
    left, right = split([[x], []])
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    a = b = conv([[x], []])
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
    [h] = conv([[x], []])
    return left
