def train(session):
    """@nni.get_next_parameter(session)
    @nni.training_update(session=session)"""
    """@nni.get_next_parameter(session); nni.training_update()"""
    # @nni.get_next_parameter(session) @nni.training_update(session=session)
    return session
