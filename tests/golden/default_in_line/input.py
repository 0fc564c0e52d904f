"""An assignment with more on its line: what follows stays on that line."""


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


def build(x):
    # @nni.mutable_layer(layer_choice=[add(amount=1),
    #                                  add(amount=2)], fixed_inputs=[x])
    h = add([[x], []], amount=1); y = 2
    # @nni.mutable_layer(layer_choice=[add(), add(amount=2)], fixed_inputs=[h])
    h = add(
        [[h], []]
    ); y += h; return y


result = build(1)
