from layers import conv

h2 = 1


def build(x, h4):
    # @nni.mutable_layers({layer_choice: [conv()], fixed_inputs: [x], optional_inputs: [h2], optional_input_size: [0, 1],
    #                      layer_output: h1},
    #                     {layer_choice: [conv(h1)], fixed_inputs: [h1, h4], layer_output: h2},
    #                     {layer_choice: [conv(h2)], fixed_inputs: [h1, h2], layer_output: h4})
    return h4
