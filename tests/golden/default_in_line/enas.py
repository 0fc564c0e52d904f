"""An assignment with more on its line: what follows stays on that line."""; from nascompile_runtime.graph import enas as _nascompile


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


def build(x):
    h = _nascompile.conditional("input/build", "h#1of2-8da65f", layer_choice=[_nascompile.candidate("add(amount=1)", "h/add_amount_1", add, amount=1),
        _nascompile.candidate("add(amount=2)", "h/add_amount_2", add, amount=2)], fixed_inputs=[x]
        ); y = 2
    h = _nascompile.conditional("input/build", "h#2of2-8da65f", layer_choice=[_nascompile.candidate("add()", "h/add", add), _nascompile.candidate("add(amount=2)", "h/add_amount_2.2", add, amount=2)], fixed_inputs=[h]


        ); y += h; return y


result = build(1)
