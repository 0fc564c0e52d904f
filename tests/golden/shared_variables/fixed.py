def train(x):

    size = 16

    return size + abs(x)


class Net:
    def evaluate(self, x):

        size = 16

        return size + abs(x)



size = 16
