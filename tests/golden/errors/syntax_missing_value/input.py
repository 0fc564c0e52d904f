def build(x):
    """@nni.mutable_layers({layer_choice: [conv()], fixed_inputs: , layer_output: h})"""
    """@nni.mutable_layer(layer_choice=[conv()], layer_output=)"""
    """@nni.mutable_layer(layer_choice=[conv(size=)], layer_output=h)"""
    return h
