def build(x):
    'a'; "@nni.mutable_layer(layer_choice=[conv(size=3 5), pool(size=x y)], layer_output=h)"
    "@nni.mutable_layer(layer_choice=[conv(size=3 *), pool()], layer_output=h)"
    return h
