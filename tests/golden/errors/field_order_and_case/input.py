def build(x, a):
    """@nni.mutable_layers(
    {
        'Layer_Choice': [conv()],
        'layer-output': h,
        "optional_inputs": [a],
        "optional_inputs_size": 1
    })"""
    return h
