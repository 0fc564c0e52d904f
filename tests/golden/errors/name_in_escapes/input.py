from layers import conv
x = 1
("@nni.mutable_layer(layer_choice=[conv(\x73ize='größe')], "  # a remark
 'fixed_inputs=[x, \u0061bsent, str(missing)], layer_output=h)')
