def build(x):
    """@nni.variable(nni.choice(1, 2), name=y)"""
    y = 2
    """@nni.function_choice(min(x, y), max(x, y), name=min)"""; return min(x, y)


class Net:
    """@nni.variable(nni.choice(3, 4), name=size)"""
    size = 3
    """@nni.function_choice(
        abs(size), round(size), name=abs)"""; value = abs(size) + abs(2)


result = build(1) + Net.value
