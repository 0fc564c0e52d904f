# @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])
h = conv([[x], []])
from layers import conv, pool, x
