def build(x, skips):
    """@nni.mutable_layers(
    {
        layer_choice: [conv()],
        fixed_inputs: [*x],
        optional_inputs: [x, *skips],
        optional_input_size: [0, 1],
        layer_output: h
    })"""
    return h
