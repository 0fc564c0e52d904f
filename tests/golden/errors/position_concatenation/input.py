def build(x):
    ("@nni.mutable_layer("  # the stem
     'layer_choice=[conv()], '
     r"fixed_input=[x], layer_"  # split
     "output=h)")
    return h
