class Net:
    """@nni.mutable_layers(
    {
        layer_choice: [conv(size=1, size=2), conv((yield)), pool(size=[await x])],
        fixed_inputs: [await x],
        layer_ouput: h
    },
    {
        layer_choice: [conv(size=1, **more, size=3)],
        layer_output: __debug__
    })"""
