def build(x):
    """@nni.mutable_layer(layer_choice=[conv(size=1)， conv(size=3)], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv(name=“a”)], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv($size)], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv(a ? b)], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv()], layer_output=h\0)"""
    return h
