def build(x):
    """@nni.mutable_layers(
    {
        layer_choices: [conv(size=1), conv(size=3)],
        fixed_input: [x],
        layer_ouput: h
    })"""
    return h
