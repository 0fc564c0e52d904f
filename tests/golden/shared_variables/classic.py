def train(x):
    from nascompile_runtime.graph import classic as _nascompile
    size = _nascompile.variable("input/size/choice", "choice", 16, 32, 64)
    from nascompile_runtime.graph import classic as _nascompile
    return size + _nascompile.function_choice("input/abs/function_choice", _nascompile.call("abs(x)", abs, x), _nascompile.call("len(x)", len, x))


class Net:
    def evaluate(self, x):
        from nascompile_runtime.graph import classic as _nascompile
        size = _nascompile.variable("input/size/choice", "choice", 16, 32, 64)
        from nascompile_runtime.graph import classic as _nascompile
        return size + _nascompile.function_choice("input/abs/function_choice", _nascompile.call("abs(x)", abs, x), _nascompile.call("len(x)", len, x))


from nascompile_runtime.graph import classic as _nascompile
size = _nascompile.variable("input/size/choice", "choice", 16, 32, 64)
