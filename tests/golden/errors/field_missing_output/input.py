def build(x):
    """@nni.mutable_layers({layer_choice: [conv()], fixed_inputs: [x]})"""
    return h
