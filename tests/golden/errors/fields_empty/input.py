def build(x):
    """@nni.mutable_layers({})"""
    return h
