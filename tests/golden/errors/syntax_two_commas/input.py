def build(x):
    """@nni.mutable_layers({layer_choice: [conv(),, pool()], layer_output: h})"""
    return h
