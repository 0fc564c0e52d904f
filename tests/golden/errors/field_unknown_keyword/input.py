def build(x):
    """@nni.mutable_layer(layer_choice=[conv()], layer_output=h, label='stem')"""
    return h
