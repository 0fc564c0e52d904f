def build(x):
    # @nni.mutable_layers(
    #     {layer_choice: [conv(), pool()], fixed_inputs: [x]},
    #     {layer_choice: [conv(), pool()], fixed_inputs: [h]})
    g = conv([[h], []])
    return g
