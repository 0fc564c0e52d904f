from layers import conv, pool

h = 1
for size in (3, 5):
    # @nni.mutable_layer(layer_choice=[conv(size=size), pool()], fixed_inputs=[h], layer_output=h)

    def build(x):
        # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=y)
        return y
while h:
    if h > 1:
        """@nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[h], layer_output=h)"""
else:
    """@nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[h], layer_output=g)"""
