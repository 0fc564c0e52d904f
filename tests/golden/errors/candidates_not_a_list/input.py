def build(x):
    """@nni.mutable_layers(
    {
        layer_choice: conv(),
        fixed_inputs: [x],
        layer_output: h
    },
    {
        layer_choice: {conv(), pool()},
        fixed_inputs: [x],
        layer_output: g
    },
    {
        layer_choice: [conv(size=size) for size in (1, 3, 5)],
        fixed_inputs: [x],
        layer_output: f
    },
    {
        layer_choice: all_operations,
        fixed_inputs: [x],
        layer_output: e
    })"""
    return h
