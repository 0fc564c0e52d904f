def build(a, b):
    """@nni.mutable_layers(
    {
        layer_choice: [conv()],
        optional_inputs: [a, b[ 0 ], a, b[0]],
        optional_input_size: 2,
        layer_output: h
    })"""
    return h
