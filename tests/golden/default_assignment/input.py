"""Comments above assignments: plain Python runs the assignment, a mode runs the layer in its place."""


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


class Net:
    pass


net, table = Net(), {}

# @nni.mutable_layer(layer_choice=[add(amount=1), add(amount=2)], fixed_inputs=[1])
plain = add([[1], []], amount=1)
# @nni.mutable_layer(layer_choice=[add(amount=3), add()], fixed_inputs=[plain])
typed: "int" = add([[plain], []],
                   amount=3)
# @nni.mutable_layer(layer_choice=[add(), add(amount=3)], fixed_inputs=[typed])
(bracketed): int = add([[typed], []])

# The sum of both, for now.
# @nni.mutable_layers(
#     {layer_choice: [add(amount=1), add(amount=2)], fixed_inputs: [typed], layer_output: middle},
#     {layer_choice: [add(), add(amount=5)], fixed_inputs: [middle], optional_inputs: [plain, typed],
#      optional_input_size: [1, 2]})
net . total = typed + 1 + plain  # what a first architecture gives

# @nni.mutable_layer(layer_choice=[add(), add(amount=-1)], fixed_inputs=[net.total], layer_output=table["last"])
table['last'] = (  # brackets, and a string
    net.total + len("""
""") - 1
)

result = plain, typed, bracketed, net.total, table
