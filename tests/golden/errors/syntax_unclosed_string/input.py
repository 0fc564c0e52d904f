def build(x):
    """@nni.mutable_layers({layer_choice: [conv(name='a), conv(name='b')], layer_output: h})"""
    # @nni.mutable_layer(layer_choice=[conv(name="a)], layer_output=g)
    return h
