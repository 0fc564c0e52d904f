def build(x):
    """@nni.mutable_layers({layer_choice: [conv()]], layer_output: h})"""
    """@nni.get_next_parameter())"""
    return h
