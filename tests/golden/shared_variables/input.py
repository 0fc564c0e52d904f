def train(x):
    # @nni.variable(nni.choice(16, 32, 64), name=size, shared=True)
    size = 16
    # @nni.function_choice(abs(x), len(x), name=abs, shared=True)
    return size + abs(x)


class Net:
    def evaluate(self, x):
        # @nni.variable(nni.choice(16, 32, 64), name=size, shared=True)
        size = 16
        # @nni.function_choice(abs(x), len(x), name=abs, shared=True)
        return size + abs(x)


# @nni.variable(nni.choice(16, 32, 64), name=size)
size = 32
