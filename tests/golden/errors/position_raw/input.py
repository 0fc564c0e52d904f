def build(x):
    r"""@nni.mutable_layer(layer_choice=[conv(pattern='\d+\n')], layer_ouput=h)"""
    return h
