def build(x, a, b):
    """@nni.mutable_layers(
    {
        layer_choice: [conv(size=1), conv, conv(size=1)],
        fixed_input: x,
        optional_inputs: [a, b, a],
        optional_input_size: 4,
        layer_output: h + 1
    },
    {
        layer_choice: [],
        fixed_inputs: [h],
        layer_output: g
    })"""
    return g
