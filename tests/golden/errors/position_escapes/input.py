def build(x):
    "@nni.mutable_layers({layer_choice: [conv(name=\"\x61\u00e9\N{BULLET}\t\")], layer_ouput: h})"
    "@nni.mutable_layer(\
        layer_choice=[conv()],\
        layer_ouput=g)"
    "@nni.mutable_layer(\n    layer_choice=[conv()],\n    layer_\x6fuput=g)"
    return h
