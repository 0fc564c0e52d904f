def build(x):
    """@nni.mutable_layer(layer_choice=[conv(name=' ')], layer_ouput=h)"""
    """@nni.get_next_parameter(sess=x)"""
    return h
