def build(x, f, ends):
    # @nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)
    net = ends["c"] = f([[x], []])
    # @nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)
    net, x = f([[x], []])
    # @nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)

    net = f([[x], []])
    # @nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)
    net, x = f(net)
    # @nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)

    # @nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[net])
    net = f([[x], []])
    return net
