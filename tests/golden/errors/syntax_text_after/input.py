def train(session):
    """@nni.get_next_parameter(session) takes the next architecture"""
    # @nni.get_next_parameter(session) takes the next architecture
    # @nni.get_next_parameter(session)   # takes the next architecture
    """@nni.get_next_parameter(session);"""
    """@nni.get_next_parameter(session).result"""
    """@nni.get_next_parameter(session)

    and more lines
    """
