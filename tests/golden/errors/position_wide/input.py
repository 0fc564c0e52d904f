def build(x):
    "层"; """@nni.mutable_layer(layer_choice=[conv(name='卷积层')], layer_ouput=h)"""
    """@nni.mutable_layer(layer_choice=[conv(name='😀é')], layer_ouput=h)"""
    """@nni.mutable_layer(layer_choice=[conv(size=1), 卷积, pool()], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv(name='卷积层') pool()], layer_output=h)"""
    return h
