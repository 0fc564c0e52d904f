def build(x):
    """@nni.mutable_layers(
    {
        layer_choice: [conv()],
        layer_ouput: h
    })"""
    # @nni.mutable_layer(layer_choice=[conv(),
    #     pool()], layer_ouput=g)
    return h
