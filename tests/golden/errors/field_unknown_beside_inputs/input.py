def build(x):
    """@nni.mutable_layers(
    {
        layer_choice: [conv()],
        skips: [x],
        optional_input_size: 1,
        layer_output: h
    },
    {
        layer_choice: [conv()],
        optional_inputs: [h],
        number: 1,
        layer_output: g
    })"""
    return g
