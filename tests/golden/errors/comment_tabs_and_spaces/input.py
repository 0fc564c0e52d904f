def train(session):
	step = 0
        # @nni.get_next_parameter(session)
	return step
