def build(x, settings):
    """@nni.mutable_layer(layer_choice=[conv()], **settings)"""
    return h
