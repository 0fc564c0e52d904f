def build(x):
    """@nni.mutable_layers(stem, *blocks)"""
    return x
