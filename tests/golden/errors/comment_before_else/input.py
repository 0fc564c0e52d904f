def train(session):
    if session:
        step = 1
    # @nni.get_next_parameter(session)
    else:
        step = 0
    return step
