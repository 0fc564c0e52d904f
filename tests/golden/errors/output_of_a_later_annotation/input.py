from layers import conv

h = 1


def build(x, training):
    # @nni.mutable_layer(layer_choice=[conv(), conv(h)], fixed_inputs=[x], optional_inputs=[g], optional_input_size=1)
    f = conv([[x], []])
    if training:
        # @nni.report_intermediate_result(loss)
        # @nni.mutable_layer(layer_choice=[conv()], fixed_inputs=[f], layer_output=g)
        pass
    '''@nni.mutable_layers(
        {layer_choice: [conv()], fixed_inputs: [f], layer_output: h},
        {layer_choice: [conv(h)], fixed_inputs: [g], layer_output: loss})'''
    return loss
