"""Comments above assignments: plain Python runs the assignment, a mode runs the layer in its place."""; from nascompile_runtime.graph import darts as _nascompile


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


class Net:
    pass


net, table = Net(), {}

plain = _nascompile.weighted_sum("input", "plain", layer_choice=[_nascompile.candidate("add(amount=1)", "plain/add_amount_1", add, amount=1), _nascompile.candidate("add(amount=2)", "plain/add_amount_2", add, amount=2)], fixed_inputs=[1])

typed: 'int' = _nascompile.weighted_sum("input", "typed", layer_choice=[_nascompile.candidate("add(amount=3)", "typed/add_amount_3", add, amount=3), _nascompile.candidate("add()", "typed/add", add)], fixed_inputs=[plain])


bracketed: int = _nascompile.weighted_sum("input", "bracketed", layer_choice=[_nascompile.candidate("add()", "bracketed/add", add), _nascompile.candidate("add(amount=3)", "bracketed/add_amount_3", add, amount=3)], fixed_inputs=[typed])


# The sum of both, for now.
middle = _nascompile.weighted_sum("input", "middle",
    layer_choice=[_nascompile.candidate("add(amount=1)", "middle/add_amount_1", add, amount=1), _nascompile.candidate("add(amount=2)", "middle/add_amount_2", add, amount=2)], fixed_inputs=[typed])
net.total = _nascompile.weighted_sum("input", "net.total", layer_choice=[_nascompile.candidate("add()", "net_total/add", add), _nascompile.candidate("add(amount=5)", "net_total/add_amount_5", add, amount=5)], fixed_inputs=[middle], optional_inputs={"plain": plain, "typed": typed},
    optional_input_size=[1, 2])
  # what a first architecture gives

table['last'] = _nascompile.weighted_sum("input", "table['last']", layer_choice=[_nascompile.candidate("add()", "table_last/add", add), _nascompile.candidate("add(amount=-1)", "table_last/add_amount_1", add, amount=-1)], fixed_inputs=[net.total])





result = plain, typed, bracketed, net.total, table
