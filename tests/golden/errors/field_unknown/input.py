def build(x):
    """@nni.mutable_layers(
    {
        candidates: [conv(size=1), conv(size=3)],
        fixed_inputs: [x],
        layer_output: h,
        comment: 'the stem'
    })"""
    return h
