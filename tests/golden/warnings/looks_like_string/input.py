def build(x, conv, pool):
    """
    @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=h)
    """
    ("nni.mutable_"  # in two parts
     "layer(layer_choice=[conv()], layer_output=h)")
    if x:
        "\x40 nni.report_final_result(x)"
    f"""nni.mutable_layers({{layer_choice: [{conv}()], layer_output: h}})"""
    f' @nni.report_final_result({x})'
    b"""nni.mutable_layer(layer_choice=[conv()], layer_output=h)"""
    rb'''
    @NNI.get_next_parameter()'''
    "@nii.report_intermediate_result(x)"
    'a' and '''
    '''; "@nni_training_update(x)"
