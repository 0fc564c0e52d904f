"""One annotation in a loop is one layer: every turn builds on the same choice."""


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


result = 0
for step in range(4):
    """@nni.mutable_layer(layer_choice=[add(amount=10), add()],
        fixed_inputs=[result], optional_inputs=[step], optional_input_size=1, layer_output=result)"""
else:
    """@nni.mutable_layer(layer_choice=[add(amount=0.5)], fixed_inputs=[result], layer_output=result)"""
while result < 100:
    result *= 2
    """@nni.get_next_parameter()"""
