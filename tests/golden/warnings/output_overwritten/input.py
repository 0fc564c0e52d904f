def build(x, f, self):
    """@nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)"""
    net = f([[x], []])
    """@nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=net)"""
    net = f(net)
    """@nni.mutable_layer(layer_choice=[f(), f(1)], fixed_inputs=[x], layer_output=self.h)"""
    self.h = self.f(x)
    return net
