def build(x):
    """@nni.mutable_layers(
    {
        layer_choice: [conv(size=1) conv(size=3)],
        fixed_inputs: [x],
        layer_output: h
    })"""
    """@nni.mutable_layers(
    {
        layer_choice: [conv(size=1), conv(size=3)]
        fixed_inputs: [x],
        layer_output: g
    })"""
    """@nni.mutable_layers(
    {layer_choice: [conv(size=1)], layer_output: f}
    {layer_choice: [conv(size=3)], layer_output: e})"""
    """@nni.mutable_layer(layer_choice=[conv(size=1)] layer_output=d)"""
    return h
