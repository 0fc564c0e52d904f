def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


class Net:
    """The file has no line that the import could join, so each expansion imports, and a class keeps no name of it."""
    from nascompile_runtime.graph import oneshot as _nascompile; one = _nascompile.dropout_sum("input/Net", "one", layer_choice=[_nascompile.candidate("add(amount=1)", "one/add_amount_1", add, amount=1), _nascompile.candidate("add(amount=2)", "one/add_amount_2", add, amount=2)], fixed_inputs=[1]); del _nascompile
    two = 2
    from nascompile_runtime.graph import oneshot as _nascompile; three = _nascompile.dropout_sum("input/Net", "three",
        layer_choice=[_nascompile.candidate("add(amount=1)", "three/add_amount_1", add, amount=1), _nascompile.candidate("add(amount=2)", "three/add_amount_2", add, amount=2)], fixed_inputs=[two]
        ); four = _nascompile.dropout_sum("input/Net", "four", layer_choice=[_nascompile.candidate("add()", "four/add", add)], fixed_inputs=[three]
        ); del _nascompile; five = four

    def build(self):
        from nascompile_runtime.graph import oneshot as _nascompile; h = _nascompile.dropout_sum("input/Net.build", "h",
            layer_choice=[_nascompile.candidate("add(amount=1)", "h/add_amount_1", add, amount=1), _nascompile.candidate("add(amount=2)", "h/add_amount_2", add, amount=2)],
            fixed_inputs=[self.four])

        return h

    if two:
        from nascompile_runtime.graph import oneshot as _nascompile; six = _nascompile.dropout_sum("input/Net", "six", layer_choice=[_nascompile.candidate("add()", "six/add", add), _nascompile.candidate("add(amount=2)", "six/add_amount_2", add, amount=2)], fixed_inputs=[four]); del _nascompile



from nascompile_runtime.graph import oneshot as _nascompile; result = _nascompile.dropout_sum("input", "result", layer_choice=[_nascompile.candidate("add(amount=1)", "result/add_amount_1", add, amount=1), _nascompile.candidate("add(amount=2)", "result/add_amount_2", add, amount=2)],
    fixed_inputs=[Net().build()])
result += len([name for name in vars(Net) if "nas" in name])
from nascompile_runtime.graph import oneshot as _nascompile; _nascompile.report_final_result(result)
