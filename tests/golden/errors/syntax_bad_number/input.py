def build(x):
    """@nni.mutable_layer(layer_choice=[conv(size=03), conv(5px)], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv(size=0x)], layer_output=h)"""
    return h
