def train(session):
    # @nni.get_next_parameter(session)
    """Train."""
    return session
