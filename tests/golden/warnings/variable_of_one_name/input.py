def train(x):
    """@nni.variable(nni.choice(16, 32, 64), name=batch_size)"""
    batch_size = 16
    """@nni.function_choice(abs(x), len(x), name=abs)"""
    return batch_size + abs(x)


def evaluate(x):
    """@nni.variable(nni.choice(16, 32, 64), name=batch_size)"""
    batch_size = 16
    """@nni.variable(nni.choice(16, 32), name=other)"""
    other = 16
    """@nni.function_choice(abs(x), len(x), name=abs)"""
    return batch_size + abs(x) + other
