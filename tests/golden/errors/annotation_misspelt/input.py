def train(session):
    """@nni.get_next_paramter(session)"""
