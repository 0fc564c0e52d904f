def build(x):
    """@nni.mutable_layers(
    {layer_choice: [conv()], layer_output: 'h'},
    {layer_choice: [conv()], layer_output: [h]},
    {layer_choice: [conv()], layer_output: a, b: c},
    {layer_choice: [conv()], layer_output: (a, b)},
    {layer_choice: [conv()], layer_output: f(x)},
    {layer_choice: [conv()], layer_output: None},
    {layer_choice: [conv()], layer_output: __debug__},
    {layer_choice: [conv()], layer_output: x + 1})"""
    return h
