"""One annotation in a loop is one layer: every turn builds on the same choice."""; from nascompile_runtime.graph import classic as _nascompile


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


result = 0
for step in range(4):
    result = _nascompile.sub_graph("input", "result#1of2-4202f9", layer_choice=[_nascompile.candidate("add(amount=10)", "result/add_amount_10", add, amount=10), _nascompile.candidate("add()", "result/add", add)],
        fixed_inputs=[result], optional_inputs={"step": step}, optional_input_size=1)
else:
    result = _nascompile.sub_graph("input", "result#2of2-4202f9", layer_choice=[_nascompile.candidate("add(amount=0.5)", "result/add_amount_0_5", add, amount=0.5)], fixed_inputs=[result])
while result < 100:
    result *= 2
    _nascompile.get_next_parameter()
