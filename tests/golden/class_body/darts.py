"""A layer in a class body, whose candidates and inputs are names of the class."""; from nascompile_runtime.graph import darts as _nascompile


def scaled(inputs, by=1):
    return by * (sum(inputs[0]) + sum(inputs[1]))


class Net:
    def add(inputs, amount=0):
        return sum(inputs[0]) + sum(inputs[1]) + amount

    base = 10
    __secret = 5
    __hidden = _nascompile.weighted_sum("input/Net", "__hidden",
        layer_choice=[_nascompile.candidate("add(amount=base)", "hidden/add_amount_base", add, amount=base), _nascompile.candidate("scaled(by=__secret)", "hidden/scaled_by_secret", scaled, by=__secret)],
        fixed_inputs=[base])
    total = _nascompile.weighted_sum("input/Net", "total", layer_choice=[_nascompile.candidate("scaled()", "total/scaled", scaled), _nascompile.candidate("add()", "total/add", add)],
        optional_inputs={"base": base, "__secret": __secret, "__hidden": __hidden}, optional_input_size=2)

    @classmethod
    def doubled(cls):
        return 2 * cls.total


result = Net.doubled()
