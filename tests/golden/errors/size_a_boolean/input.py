def build(a, b):
    """@nni.mutable_layers(
    {
        layer_choice: [conv()],
        optional_inputs: [a, b],
        optional_input_size: True,
        layer_output: h
    })"""
    return h
