def build(x):
    from nascompile_runtime.graph import darts as _nascompile
    y = _nascompile.variable("input/build/y/choice", "choice", 1, 2)
    from nascompile_runtime.graph import darts as _nascompile; return _nascompile.function_choice("input/build/min/function_choice", _nascompile.call("min(x, y)", min, x, y), _nascompile.call("max(x, y)", max, x, y))


class Net:

    size = __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).variable("input/Net/size/choice", "choice", 3, 4)
    (
        ); value = __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).function_choice("input/Net/abs/function_choice", __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).call("abs(size)", abs, size), __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).call("round(size)", round, size)) + __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).function_choice("input/Net/abs/function_choice", __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).call("abs(size)", abs, size), __import__("nascompile_runtime.graph.darts", fromlist=["darts"]).call("round(size)", round, size))


result = build(1) + Net.value
