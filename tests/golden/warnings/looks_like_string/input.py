def build(x, conv, pool):
    """
    @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=h)
    """
    ("nni.mutable_"  # in two parts
     "layer(layer_choice=[conv()], layer_output=h)")
    if x:
        "\x40 nni.report_final_result(x)"
