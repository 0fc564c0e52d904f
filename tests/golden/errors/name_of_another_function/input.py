class Net:
    size = 3

    # @nni.mutable_layer(layer_choice=[max(size), min(size)])
    one = max([2], 3)

    def conv(self, x):
        kernel = 3
        return kernel

    def build(self, x):
        # @nni.mutable_layer(layer_choice=[conv(), max(kernel)], fixed_inputs=[x, one, size], layer_output=h)
        return h
