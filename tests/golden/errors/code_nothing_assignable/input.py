def build(x):
    """@nni.mutable_layer(layer_choice=[conv(None=1), conv(a.b=1), conv(f()=1)], layer_output=h)"""
    return h
