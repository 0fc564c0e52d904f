def build(x):
    h = conv(
        # @nni.get_next_parameter()
        [[x], []],
    )
    return h
