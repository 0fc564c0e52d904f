def build(x, a):
    """@nni.mutable_layers(
    {
        layer_choice: [conv()],
        fixed_inputs: x,
        optional_inputs: {a},
        optional_input_size: 1,
        layer_output: h
    })"""
    return h
