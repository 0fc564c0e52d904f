def build(x):
    y = 1

    """@nni.mutable_layer(layer_choice=[conv()], layer_ouput=h)"""
    return h
