from layers import conv

for step in range(3):
    # @nni.mutable_layer(layer_choice=[conv(), conv(size=3)], fixed_inputs=[h])
    h = conv([[h], []])
