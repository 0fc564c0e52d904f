from layers import conv, pool


def build(x, stem):
    # @nni.mutable_layer(name="first", layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=a)
    # @nni.mutable_layer(name="first", layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=b)
    # @nni.mutable_layer(name="c", layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=d)
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=c)
    # @nni.mutable_layer(name=stem, layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=e)
    # @nni.mutable_layer(name="a/b", layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=f)
    """@nni.mutable_layers(
        {name: "#1", layer_choice: [conv(), pool()], fixed_inputs: [x], layer_output: g},
        {name: first, layer_choice: [conv(), pool()], fixed_inputs: [x], layer_output: h},
        {"name": 1, layer_choice: [conv(), pool()], fixed_inputs: [x], layer_output: i},
        {name: "first", layer_choice: [conv(), pool()], fixed_inputs: [x], layer_output: j})"""
    return a, b, c, d, e, f, g, h, i, j
