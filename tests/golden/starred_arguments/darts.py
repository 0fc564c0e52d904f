"""Stars in candidates and in fixed inputs, and functions that are more than a name."""; from nascompile_runtime.graph import darts as _nascompile


def add(inputs, *amounts, scale=1, **more):
    return scale * (sum(inputs[0]) + sum(inputs[1]) + sum(amounts) + sum(more.values()))


def adder(amount):
    return lambda inputs: add(inputs, amount)


pair, options, table = (1, 2), {"scale": 3}, {"add": add}
result = _nascompile.weighted_sum("input", "result",
    layer_choice=[_nascompile.candidate("add(*pair, 10, *pair, other=100, **options)", "result/add_pair_10_pair_other_100_options", add, *pair, 10, *pair, other=100, **options), _nascompile.candidate("add(*[], **{})", "result/add", add, *[], **{}),
    _nascompile.candidate("adder(5)()", "result/adder_5", adder(5)), _nascompile.candidate("table['add'](1)", "result/table_add_1", table['add'], 1), _nascompile.candidate("(add or adder)(2)", "result/add_or_adder_2", (add or adder), 2), _nascompile.candidate("(lambda inputs: 3)()", "result/lambda_inputs_3", (lambda inputs: 3)), _nascompile.candidate("str.__len__.__call__('four')", "result/str_len_call_four", str.__len__.__call__, 'four')],
    fixed_inputs=[*pair, 3, *(pair or ())])

