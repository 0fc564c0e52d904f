from layers import conv, pool
x = 1
# nni.mutable_layers({layer_choice: [conv(), pool()], fixed_inputs: [x], layer_output: h})
h = conv([[x], []])
for step in range(3):
    # @ nni.get_next_parameter(x)
    # @nni:report_intermediate_result(step)
    #: @nni.report_final_result(step)
    ## @nni.training_update(x)
    print(step)  # @nni get_next_parameter()
# @nnni.training_update(x)
# @NNI.get_next_parameter()
# @Nni.derive(session=x, metric=x)
# @ni.mutable_layer(layer_choice=[conv()], layer_output=h)
# @nni_report_final_result(step)
# @nni-report_final_result(step)
# nni . variable(nni.choice(1, 2), name=x)
