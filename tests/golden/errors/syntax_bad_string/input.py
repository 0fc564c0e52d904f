def build(x):
    r"""@nni.mutable_layer(layer_choice=[conv(name="\x1")], layer_output=h)"""
    r"""@nni.mutable_layer(layer_choice=[conv(name="\N{no such character}")], layer_output=h)"""
    """@nni.mutable_layer(layer_choice=[conv(name=b"größe")], layer_output=h)"""
    return h
